import {
  ObjectStore,
  type GetOptions,
  type ListOptions,
  type ObjectInfo,
  type OpenedObject,
  type OpenOptions,
  type PutOptions,
  type PutResult,
  type ReadOptions,
  type StoreCapabilities,
  type StoredObject,
  type StreamPutOptions,
} from './object-store.port.js';

/** Objects per page of an S3 listing; the fs driver's listing is counted the same way. */
const PAGE = 1000;

/**
 * A store that counts what it is asked: one per get, open, head, put, putStream and delete, one per started page of a
 * listing.
 */
export function countRequests(store: ObjectStore): { store: ObjectStore; counts: () => Record<string, number> } {
  const counter = new Counter();
  return { store: new CountingObjectStore(store, counter), counts: () => counter.counts() };
}

class Counter {
  readonly #counts = new Map<string, number>();

  count(request: string): void {
    this.#counts.set(request, (this.#counts.get(request) ?? 0) + 1);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}

class CountingObjectStore extends ObjectStore {
  readonly bucket: string;

  constructor(
    private readonly inner: ObjectStore,
    private readonly counter: Counter,
  ) {
    super();
    this.bucket = inner.bucket;
  }

  forBucket(bucket: string): ObjectStore {
    return new CountingObjectStore(this.inner.forBucket(bucket), this.counter);
  }

  get(key: string, options?: GetOptions): Promise<StoredObject> {
    this.counter.count('get');
    return this.inner.get(key, options);
  }

  open(key: string, options?: OpenOptions): Promise<OpenedObject> {
    this.counter.count('open');
    return this.inner.open(key, options);
  }

  head(key: string, options?: ReadOptions): Promise<ObjectInfo | undefined> {
    this.counter.count('head');
    return this.inner.head(key, options);
  }

  put(key: string, body: Uint8Array, options: PutOptions): Promise<PutResult> {
    this.counter.count('put');
    return this.inner.put(key, body, options);
  }

  putStream(key: string, body: AsyncIterable<Uint8Array>, options: StreamPutOptions): Promise<PutResult> {
    this.counter.count('putStream');
    return this.inner.putStream(key, body, options);
  }

  delete(key: string): Promise<void> {
    this.counter.count('delete');
    return this.inner.delete(key);
  }

  async *list(prefix: string, options?: ListOptions): AsyncGenerator<ObjectInfo> {
    this.counter.count('list');
    let listed = 0;
    for await (const info of this.inner.list(prefix, options)) {
      if (listed > 0 && listed % PAGE === 0) this.counter.count('list');
      listed++;
      yield info;
    }
  }

  presignGet(key: string, options: { readonly expiresInSeconds: number }): Promise<string> {
    return this.inner.presignGet(key, options);
  }

  presignPut(
    key: string,
    options: { readonly contentType: string; readonly expiresInSeconds: number },
  ): Promise<string> {
    return this.inner.presignPut(key, options);
  }

  capabilities(): Promise<StoreCapabilities> {
    return this.inner.capabilities();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
