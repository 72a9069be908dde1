import { StageError } from '@facelane/contracts';

/** What the bytes of an object come from: an open file, an answer of a server. */
export interface ByteSource {
  /** The next bytes; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Frees it. A read that is under way may fail by it. */
  close(): void;
}

export interface ObjectBodyOptions {
  readonly key: string;
  /** Bytes of the whole object, and the first one to be read. */
  readonly size: number;
  readonly start: number;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds without a read after which the source is freed. */
  readonly idleMs: number;
  /** A source that goes on at this byte of the same object; fails when the object is another one by now. */
  readonly reopen: (offset: number) => Promise<ByteSource>;
}

/**
 * The bytes of one object, read once and never ending early. A source is held only while somebody reads: an abort, a
 * loop that is left and a reader who lets `idleMs` pass free it. A reader who comes back, and one whose source broke,
 * go on at the byte they are at; a source that brings nothing at all fails the body.
 */
export class ObjectBody implements AsyncIterable<Uint8Array> {
  #source: ByteSource | undefined;
  #offset: number;
  #begun = false;
  /** Whether the source in hand has brought anything. */
  #brought = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(
    first: ByteSource,
    private readonly options: ObjectBodyOptions,
  ) {
    this.#source = first;
    this.#offset = options.start;
    options.signal?.addEventListener('abort', this.#free, { once: true });
    if (options.signal?.aborted === true) this.#free();
    this.#freeWhenIdle();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#begun) throw new TypeError(`The body of ${this.options.key} was read before; open the object again.`);
    this.#begun = true;
    try {
      for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) {
        this.#freeWhenIdle();
        yield chunk;
      }
    } finally {
      this.#free();
      this.options.signal?.removeEventListener('abort', this.#free);
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { signal } = this.options;
    for (;;) {
      signal?.throwIfAborted();
      clearTimeout(this.#idle);
      if (this.#source === undefined) await this.#reopen();
      try {
        return await this.#read();
      } catch (error) {
        signal?.throwIfAborted();
        this.#free();
        if (!this.#brought) throw error;
      }
    }
  }

  async #reopen(): Promise<void> {
    this.#source = await this.options.reopen(this.#offset);
    this.#brought = false;
  }

  async #read(): Promise<Uint8Array | undefined> {
    const { key, size, signal } = this.options;
    signal?.throwIfAborted();
    const chunk = await this.#source?.read();
    if (chunk === undefined ? this.#offset < size : this.#offset + chunk.length > size) {
      throw new StageError(
        'STORE.UNAVAILABLE',
        `The object store sent another length than the ${size} bytes of ${key}: at byte ${this.#offset} it ${chunk === undefined ? 'ended' : 'went on'}.`,
      );
    }
    this.#brought ||= chunk !== undefined && chunk.length > 0;
    this.#offset += chunk?.length ?? 0;
    return chunk;
  }

  #freeWhenIdle(): void {
    this.#idle = setTimeout(this.#free, this.options.idleMs).unref();
  }

  readonly #free = (): void => {
    clearTimeout(this.#idle);
    this.#source?.close();
    this.#source = undefined;
  };
}
