export interface ObjectInfo {
  readonly key: string;
  /** Opaque: compare it, hand it back in a condition, never parse it. Equal bytes may or may not share an etag. */
  readonly etag: string;
  /** Bytes of the body. */
  readonly size: number;
  readonly lastModified: Date;
  /** Absent where the store does not tell, as in S3 listings. */
  readonly contentType?: string;
}

export interface StoredObject extends ObjectInfo {
  /** Starts on a multiple of 8 bytes of its buffer, so that a Float32Array can be laid over it without a copy. */
  readonly body: Uint8Array;
}

/** `absent`: only when no object has the key. `matches`: only when the object still has this etag. */
export type PutCondition = { readonly kind: 'absent' } | { readonly kind: 'matches'; readonly etag: string };

export interface PutOptions {
  readonly contentType: string;
  /** Default: none, the last writer wins. */
  readonly condition?: PutCondition;
  readonly signal?: AbortSignal;
}

export type StreamPutOptions = Omit<PutOptions, 'condition'>;

export type PutResult =
  | { readonly outcome: 'stored'; readonly etag: string }
  /** Somebody else was first; nothing was written. An answer, not a failure. */
  | { readonly outcome: 'condition-failed' };

export interface StoreCapabilities {
  /** Whether `PutOptions.condition` is honoured. Where false, a put with a condition is refused. */
  readonly conditionalPut: boolean;
  readonly presign: boolean;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

export interface GetOptions extends ReadOptions {
  /** Default: no limit. */
  readonly maxBytes?: number;
}

export interface OpenOptions extends GetOptions {
  /** The first byte to read. Default: 0. From the end of the object on, the body has no bytes. */
  readonly start?: number;
}

export interface OpenedObject {
  /** Of the whole object, wherever the body starts. */
  readonly info: ObjectInfo;
  /** In order, in pieces of any size, to be read once. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface ListOptions extends ReadOptions {
  /** Only keys after this one. Default: from the first. */
  readonly startAfter?: string;
}

/**
 * Where every durable fact lives: bytes under keys, one bucket at a time.
 *
 * An object is either whole or not there: a reader never sees half a write, whatever dies meanwhile. Failures are
 * StageErrors with a STORE.* code; an aborted call rejects with the reason of its signal. The class is the
 * injection token of its drivers.
 */
export abstract class ObjectStore {
  abstract readonly bucket: string;

  /** Another bucket behind the same credentials or root. Shares connections: closing one closes all. */
  abstract forBucket(bucket: string): ObjectStore;

  /**
   * Reads a whole object.
   * @throws StageError STORE.MISSING when nothing has the key; INGEST.TOO_LARGE, before the body is read, when it
   * is longer than `maxBytes`.
   */
  abstract get(key: string, options?: GetOptions): Promise<StoredObject>;

  /**
   * Reads an object of any size piece by piece. The body never ends early: a connection that breaks is taken up again
   * at the byte it broke at, and a reader who takes minutes between two pieces loses nothing. No handle and no
   * connection is held after an abort, after a loop that was left, and when nobody reads for a minute.
   * @throws StageError STORE.MISSING and INGEST.TOO_LARGE as `get`; STORE.CHANGED, from the body, when the object was
   * replaced or deleted and there was a connection to take up again
   */
  abstract open(key: string, options?: OpenOptions): Promise<OpenedObject>;

  abstract head(key: string, options?: ReadOptions): Promise<ObjectInfo | undefined>;

  /**
   * Writes a whole object.
   * @throws StageError STORE.CONDITION_UNSUPPORTED when a condition is asked of a store that would ignore it;
   * nothing is written then.
   */
  abstract put(key: string, body: Uint8Array, options: PutOptions): Promise<PutResult>;

  /**
   * Writes an object of any size, up to 48 GiB, piece by piece, without a condition. Memory holds a few pieces of
   * 5 MiB. When the body fails, its failure comes out as it is and nothing is written; what lay under the key stays.
   */
  abstract putStream(key: string, body: AsyncIterable<Uint8Array>, options: StreamPutOptions): Promise<PutResult>;

  /** Deletes an object; that it was absent already is fine. */
  abstract delete(key: string): Promise<void>;

  /** Every object whose key starts with `prefix`, in the order of the keys' UTF-8 bytes; pages are fetched as needed. */
  abstract list(prefix: string, options?: ListOptions): AsyncIterable<ObjectInfo>;

  /** A URL that reads the object without credentials until it expires. */
  abstract presignGet(key: string, options: { readonly expiresInSeconds: number }): Promise<string>;

  /** A URL that writes the object, of this content type only, without credentials until it expires. */
  abstract presignPut(
    key: string,
    options: { readonly contentType: string; readonly expiresInSeconds: number },
  ): Promise<string>;

  /** What this store honours, found out once and remembered. */
  abstract capabilities(): Promise<StoreCapabilities>;

  /** Releases connections and locks. Calls after it are a mistake. */
  abstract close(): Promise<void>;
}
