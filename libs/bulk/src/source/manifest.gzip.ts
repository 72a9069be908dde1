import { createGunzip, type Gunzip } from 'node:zlib';
import { StageError } from '@facelane/contracts';

const MAGIC = [0x1f, 0x8b] as const;
/** Deflate makes at most 1032 bytes of one, so a slice makes 4 MB. */
const SLICE = 4096;

export function isGzip(start: Uint8Array): boolean {
  return MAGIC.every((byte, i) => start[i] === byte);
}

/**
 * Decompresses a gzip file of one member or several, slice by slice. All text of a file that is cut short comes out
 * before the failure; of one that is damaged, all but the last 16 KiB before the damage.
 * @param name the file in messages, e.g. `s3://bucket/key`
 * @throws StageError BULK.MANIFEST_UNREADABLE; failures of the body as they are
 */
export async function* gunzip(body: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const inflater = new Inflater(createGunzip(), name);
  try {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length; at += SLICE) {
        await inflater.write(chunk.subarray(at, at + SLICE));
        yield* inflater.take();
      }
      inflater.throwIfFailed();
    }
    await inflater.end();
    yield* inflater.take();
    inflater.throwIfFailed();
  } finally {
    inflater.destroy();
  }
}

class Inflater {
  #out: Uint8Array[] = [];
  #fed = 0;
  /** The last member ended and what follows is no other. */
  #ended = false;
  #failure: StageError | undefined;

  constructor(
    private readonly stream: Gunzip,
    private readonly name: string,
  ) {
    stream.on('data', (bytes: Uint8Array) => this.#out.push(bytes));
    stream.on('error', (error) => (this.#failure ??= this.#unreadable(error.message, error)));
  }

  /** Afterwards `take` has what came of the slice. A failure is said when that is taken. */
  async write(slice: Uint8Array): Promise<void> {
    this.throwIfFailed();
    this.#fed += slice.length;
    if (!this.#ended) await this.#settled((done) => this.stream.write(slice, done));
    if (this.#failure !== undefined) return;
    const left = this.#fed - this.stream.bytesWritten;
    this.#ended = left > 0;
    // Padding is common on tapes; anything else is a part of the file that would be dropped unseen.
    if (slice.subarray(Math.max(0, slice.length - left)).some((byte) => byte !== 0)) {
      this.#failure = this.#unreadable('something that is no gzip follows its end');
    }
  }

  async end(): Promise<void> {
    if (!this.#ended) await this.#settled((done) => this.stream.once('end', done).end());
  }

  take(): Uint8Array[] {
    const taken = this.#out;
    this.#out = [];
    return taken;
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  destroy(): void {
    this.stream.destroy();
  }

  /** Waits for the work or its failure, after which zlib calls nobody back. */
  async #settled(work: (done: () => void) => unknown): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const done = (): void => resolve(undefined);
    this.stream.once('error', done);
    work(done);
    await promise;
    this.stream.off('error', done);
  }

  #unreadable(why: string, cause?: unknown): StageError {
    return new StageError('BULK.MANIFEST_UNREADABLE', `The manifest ${this.name} is no whole gzip file: ${why}.`, {
      cause,
    });
  }
}
