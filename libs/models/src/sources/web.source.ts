import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { EnvironmentError, UsageError } from '@facelane/contracts';
import { parseSource } from './source.js';
import { TransientFetchError, type Fetcher, type WantedFile } from './fetcher.js';

/** A server that sends nothing for this long is given up. */
const STALL_MS = 30_000;

/** Downloads one file; stops as soon as it is larger than the manifest says. */
export const fetchFromWeb: Fetcher = async ({ files, folder, signal, onBytes }) => {
  const file = files[0]!;
  const source = parseSource(file.source);
  if (source.kind !== 'web') throw new TypeError(`${file.source} is not a web source.`);
  const path = join(folder, file.id);
  const stall = new StallTimer(STALL_MS);
  try {
    const response = await fetch(source.url, { signal: AbortSignal.any([stall.signal, ...(signal ? [signal] : [])]) });
    requireSuccess(response, file, source.url);
    await pipeline(
      Readable.fromWeb(response.body!),
      counted(file, (received) => {
        stall.restart();
        onBytes(file, received);
      }),
      createWriteStream(path),
    );
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    if (error instanceof UsageError || error instanceof TransientFetchError) throw error;
    throw new TransientFetchError(`${source.url} could not be fetched: ${reasonOf(error)}`, { cause: error });
  } finally {
    stall.stop();
  }
  return new Map([[file.source, path]]);
};

function requireSuccess(response: Response, file: WantedFile, url: string): void {
  if (response.ok && response.body !== null) return;
  const message = `${url} (${file.id}) answered ${response.status} ${response.statusText}`.trimEnd() + '.';
  if (response.status >= 500 || response.status === 429) throw new TransientFetchError(message);
  throw new EnvironmentError(message, 'Correct the source in the manifest, or give it a mirror that you can reach.');
}

function counted(file: WantedFile, onBytes: (received: number) => void) {
  return async function* count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let received = 0;
    for await (const chunk of chunks) {
      received += chunk.byteLength;
      if (received > file.bytes) {
        throw new EnvironmentError(
          `${file.id} is larger than the ${file.bytes} bytes that the manifest states.`,
          'The publisher changed the file: review the new one, then correct its bytes and sha256 in the manifest.',
        );
      }
      onBytes(received);
      yield chunk;
    }
  };
}

/** fetch wraps the real reason (refused, not found, reset) in its cause. */
const reasonOf = (error: unknown): string => {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
};

class StallTimer {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(stallMs: number) {
    const reason = new TransientFetchError(`nothing arrived for ${stallMs / 1000} s`);
    this.#timer = setTimeout(() => this.#controller.abort(reason), stallMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
