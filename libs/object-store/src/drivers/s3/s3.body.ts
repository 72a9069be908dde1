import { Readable } from 'node:stream';
import { StageError } from '@facelane/contracts';

/**
 * Collects a response body of known length into one aligned array, without a second copy.
 * @throws StageError STORE.UNAVAILABLE when the connection ends early or sends more than it announced
 */
export async function readBody(stream: unknown, size: number, key: string, signal: AbortSignal): Promise<Uint8Array> {
  const body = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of asReadable(stream, signal)) {
    if (filled + chunk.length > size) throw wrongLength(key, size);
    body.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== size) throw wrongLength(key, size);
  return body;
}

/** Drops a body unread; the connection goes with it. */
export function discardBody(stream: unknown): void {
  if (stream instanceof Readable) stream.on('error', () => undefined).destroy();
}

function asReadable(stream: unknown, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (stream === undefined) return Readable.from([]);
  signal.throwIfAborted();
  if (!(stream instanceof Readable)) throw new TypeError('The S3 client answered with a body that is no Node stream.');
  // The SDK's own signal ends with the headers; a server may still stall in the middle of a body.
  const abort = (): void => void stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', abort));
  return stream;
}

function wrongLength(key: string, size: number): StageError {
  return new StageError('STORE.UNAVAILABLE', `The object store sent another length than the ${size} bytes of ${key}.`);
}
