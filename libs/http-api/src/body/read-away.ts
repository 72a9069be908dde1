import type { IncomingMessage } from 'node:http';

/** How long a caller may go on sending what is refused, milliseconds. */
const LINGER_MS = 5_000;

const readingAway = new WeakSet<IncomingMessage>();

/**
 * Reads away what is still on its way of a body that is refused as too large, and cuts the caller off when that takes
 * long. To close at once would reset the connection, and who is still sending would get no answer to read.
 */
export function readAway(request: IncomingMessage): void {
  discard(request);
  if (request.complete || request.destroyed || readingAway.has(request)) return;
  readingAway.add(request);
  const cut = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(cut));
}

/** Reads the rest of a body, for whose sake the connection would stand still. */
export function discard(request: IncomingMessage): void {
  request.unpipe();
  request.resume();
}
