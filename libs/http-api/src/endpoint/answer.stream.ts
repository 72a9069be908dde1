import { Readable } from 'node:stream';
import type { z } from 'zod';

/** Without anything sent for this long, proxies take a connection for dead; most wait a minute. */
const KEEP_ALIVE_MS = 15_000;

/**
 * The parts of an answer as they come, each checked against the schema. What the handler is doing when the caller
 * hangs up is its own to end, by the signal that it was given.
 */
export function streamOf(kind: 'events' | 'bytes', schema: z.ZodType, parts: unknown, signal: AbortSignal): Readable {
  const checked = checkedParts(parts as AsyncIterable<unknown>, schema);
  const chunks = kind === 'bytes' ? checked : serverSentEvents(checked, KEEP_ALIVE_MS);
  const stream = Readable.from(chunks, { objectMode: false, highWaterMark: 64 * 1024 });
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  // Of a caller who has gone nobody hears; other errors cut the answer, which is how its reader knows that it is not whole.
  stream.on('error', () => undefined);
  return stream;
}

async function* checkedParts(parts: AsyncIterable<unknown>, schema: z.ZodType): AsyncGenerator {
  for await (const part of parts) yield schema.parse(part);
}

/**
 * Text of an event stream (HTML standard, section 9.2): one message per part, whose data is JSON, and a comment when
 * there was nothing to say for a while.
 */
export async function* serverSentEvents(parts: AsyncIterable<unknown>, keepAliveMs: number): AsyncGenerator<string> {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const part = await withinTime(next, keepAliveMs);
      if (part === LATE) {
        yield ': still here\n\n';
        continue;
      }
      if (part.done === true) return;
      yield `data: ${JSON.stringify(part.value)}\n\n`;
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

const LATE = Symbol('late');

async function withinTime<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  const late = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => late.resolve(LATE), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
