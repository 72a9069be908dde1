import { Readable } from 'node:stream';
import { StageError } from '@facelane/contracts';
import type { ByteSource } from '../../object-body.js';
import { toStoreError } from './s3.errors.js';

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

/** A response body piece by piece; who waits for a piece longer than the time-out gets STORE.UNAVAILABLE. */
export class AnswerSource implements ByteSource {
  readonly #stream: Readable;
  readonly #pieces: AsyncIterator<Uint8Array>;

  constructor(
    stream: unknown,
    private readonly doing: string,
    private readonly timeoutMs: number,
  ) {
    if (!(stream instanceof Readable)) throw noStream();
    this.#stream = stream;
    // Nobody listens while nobody reads, and a connection may break then, too: the next read says so.
    stream.on('error', () => undefined);
    this.#pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async read(): Promise<Uint8Array | undefined> {
    const late = new DOMException(`No bytes in ${this.timeoutMs} ms.`, 'TimeoutError');
    const timer = setTimeout(() => this.#stream.destroy(late), this.timeoutMs);
    try {
      const next = await this.#pieces.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      throw toStoreError(error, this.doing);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#stream.destroy();
  }
}

function asReadable(stream: unknown, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (stream === undefined) return Readable.from([]);
  signal.throwIfAborted();
  if (!(stream instanceof Readable)) throw noStream();
  // The SDK's own signal ends with the headers; a server may still stall in the middle of a body.
  const abort = (): void => void stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', abort));
  return stream;
}

function wrongLength(key: string, size: number): StageError {
  return new StageError('STORE.UNAVAILABLE', `The object store sent another length than the ${size} bytes of ${key}.`);
}

function noStream(): TypeError {
  return new TypeError('The S3 client answered with a body that is no Node stream.');
}
