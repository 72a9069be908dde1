import { link, lstat, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StageError, UsageError } from '@facelane/contracts';
import { consumeBody } from '../../consume-body.js';
import { checkKey, checkPrefix } from '../../object-key.js';
import {
  ObjectStore,
  type GetOptions,
  type ListOptions,
  type ObjectInfo,
  type OpenedObject,
  type OpenOptions,
  type PutCondition,
  type PutOptions,
  type PutResult,
  type ReadOptions,
  type StoreCapabilities,
  type StoredObject,
  type StreamPutOptions,
} from '../../object-store.port.js';
import { BucketFolders } from './bucket.folders.js';
import { openBody } from './file.body.js';
import { errnoOf, fileFailure, ignoreMissing } from './fs.errors.js';
import { listPages } from './fs.listing.js';
import { KeyMutex } from './key.mutex.js';
import { objectPath } from './key.path.js';
import { factsOf, PassingFacts, readInfo, readObject, trailerOf, type BodyFacts } from './object.file.js';
import { ProcessLock } from './process.lock.js';
import { TempFiles } from './temp.files.js';

export interface FsObjectStoreOptions {
  /** Folder that holds the buckets, one folder each; made when missing. */
  readonly root: string;
  readonly bucket: string;
  /**
   * Default false: what was stored survives the death of the process, by any signal, but not a power cut. True:
   * survives a power cut too, at the price of waiting for the disk on every put.
   */
  readonly fsync?: boolean;
}

/** The rules of S3, which also keep the name a plain folder name. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Each retry means that somebody's delete removed the folder just made. */
const COMMIT_ATTEMPTS = 10;

/** File systems without hard links: FAT, some network mounts. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Objects as files below a folder, for one machine. A put is four file operations: open, write, close, rename.
 *
 * Conditions hold between all processes on the machine. One mixture is left to the caller: an unconditional put of
 * one process may be overwritten by a `matches` put of another that checked just before it. Keys that are written
 * with conditions should always be.
 */
export class FsObjectStore extends ObjectStore {
  readonly bucket: string;
  readonly #path: string;
  readonly #fsync: boolean;
  readonly #folders: BucketFolders;
  readonly #temp: TempFiles;
  readonly #lock: ProcessLock;
  readonly #mutex = new KeyMutex();
  readonly #siblings: Map<string, FsObjectStore>;

  constructor(
    private readonly options: FsObjectStoreOptions,
    siblings = new Map<string, FsObjectStore>(),
  ) {
    super();
    if (!BUCKET_NAME.test(options.bucket) || options.bucket.includes('..')) {
      throw new StageError('STORE.KEY_INVALID', `${JSON.stringify(options.bucket)} is no bucket name.`);
    }
    const root = resolve(options.root);
    this.bucket = options.bucket;
    this.#path = join(root, options.bucket);
    this.#fsync = options.fsync ?? false;
    this.#folders = new BucketFolders(root, this.#fsync);
    this.#temp = new TempFiles(join(this.#path, '#tmp'), this.#folders, this.#fsync);
    this.#lock = new ProcessLock(join(this.#path, '#lock'));
    this.#siblings = siblings.set(options.bucket, this);
  }

  forBucket(bucket: string): FsObjectStore {
    return this.#siblings.get(bucket) ?? new FsObjectStore({ ...this.options, bucket }, this.#siblings);
  }

  async get(key: string, options: GetOptions = {}): Promise<StoredObject> {
    const path = await this.#locate(key, options.signal);
    const found = await readObject(path, key, options.maxBytes ?? Infinity);
    options.signal?.throwIfAborted();
    return found ?? this.#missing(key);
  }

  async open(key: string, options: OpenOptions = {}): Promise<OpenedObject> {
    const path = await this.#locate(key, options.signal);
    return (await openBody(path, key, options)) ?? this.#missing(key);
  }

  async head(key: string, options: ReadOptions = {}): Promise<ObjectInfo | undefined> {
    return readInfo(await this.#locate(key, options.signal), key);
  }

  async put(key: string, body: Uint8Array, options: PutOptions): Promise<PutResult> {
    const path = await this.#locate(key, options.signal);
    const facts = factsOf(body);
    const trailer = trailerOf(facts, options.contentType);
    return this.#attempt(`writing ${key}`, async () =>
      this.#keep(await this.#temp.write([body, trailer]), path, key, facts, options),
    );
  }

  async putStream(key: string, body: AsyncIterable<Uint8Array>, options: StreamPutOptions): Promise<PutResult> {
    const path = await this.#locate(key, options.signal);
    return consumeBody(body, options.signal, (chunks) =>
      this.#attempt(`writing ${key}`, async () => {
        const passing = new PassingFacts();
        const trailer = (): Buffer => trailerOf(passing.facts, options.contentType);
        const temp = await this.#temp.writeStream(passing.of(chunks), trailer);
        return this.#keep(temp, path, key, passing.facts, options);
      }),
    );
  }

  async delete(key: string): Promise<void> {
    const path = await this.#locate(key);
    await this.#attempt(`deleting ${key}`, async () => {
      if ((await lstat(path).catch(ignoreMissing)) === undefined) return;
      await this.#mutex.run(key, () => this.#lock.hold(() => unlink(path).catch(ignoreMissing)));
      await this.#folders.prune(dirname(path), this.#path);
    });
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    const range = { prefix, startAfter: options.startAfter ?? '' };
    try {
      for await (const page of listPages(this.#folders, this.#path, range)) {
        options.signal?.throwIfAborted();
        const found = await Promise.all(page.map(({ path, key }) => readInfo(path, key)));
        yield* found.filter((info) => info !== undefined);
      }
    } catch (error) {
      throw fileFailure(error, `listing ${prefix === '' ? 'the bucket' : prefix}`);
    }
  }

  presignGet(): Promise<string> {
    return Promise.reject(noUrls('Read it through the API instead, or keep the objects in S3.'));
  }

  presignPut(): Promise<string> {
    return Promise.reject(noUrls('Upload through the API instead, or keep the objects in S3.'));
  }

  capabilities(): Promise<StoreCapabilities> {
    return Promise.resolve({ conditionalPut: true, presign: false });
  }

  close(): Promise<void> {
    for (const store of this.#siblings.values()) store.#lock.close();
    return Promise.resolve();
  }

  async #locate(key: string, signal?: AbortSignal): Promise<string> {
    checkKey(key);
    signal?.throwIfAborted();
    const path = objectPath(this.#path, key);
    await this.#attempt(`reaching ${key}`, () => this.#folders.assertSound(dirname(path)));
    return path;
  }

  /** Makes the file the object, or removes it. */
  async #keep(
    temp: string,
    path: string,
    key: string,
    { etag }: BodyFacts,
    { signal, condition }: PutOptions,
  ): Promise<PutResult> {
    let stored = false;
    try {
      signal?.throwIfAborted();
      stored = await this.#mutex.run(key, () => this.#commit(temp, path, key, condition));
    } finally {
      // A rename took it away; a link made it a second name of the object, which must go.
      if (!stored || condition?.kind === 'absent') await rm(temp, { force: true });
    }
    return stored ? { outcome: 'stored', etag } : { outcome: 'condition-failed' };
  }

  /** Makes the file the object. False when the condition does not hold. */
  async #commit(temp: string, path: string, key: string, condition?: PutCondition): Promise<boolean> {
    switch (condition?.kind) {
      case undefined:
        return this.#place(path, () => rename(temp, path));
      case 'absent':
        return this.#commitAbsent(temp, path, key);
      case 'matches':
        return this.#lock.hold(async () => {
          const current = await readInfo(path, key);
          return current?.etag === condition.etag && this.#place(path, () => rename(temp, path));
        });
    }
  }

  /** Unlike a rename, making a second name of a file fails when the name is taken. */
  async #commitAbsent(temp: string, path: string, key: string): Promise<boolean> {
    try {
      return await this.#place(path, () => link(temp, path));
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return false;
      if (!NO_LINKS.has(errnoOf(error) ?? '')) throw error;
      return this.#lock.hold(
        async () => (await readInfo(path, key)) === undefined && this.#place(path, () => rename(temp, path)),
      );
    }
  }

  /** Folders are made only when the name has none yet: for most puts that saves an operation. */
  async #place(path: string, act: () => Promise<void>): Promise<true> {
    for (let attempt = 1; ; attempt++) {
      try {
        await act();
        if (this.#fsync) await this.#folders.sync(dirname(path));
        return true;
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || attempt === COMMIT_ATTEMPTS) throw error;
        await this.#folders.create(dirname(path));
      }
    }
  }

  #missing(key: string): never {
    throw new StageError('STORE.MISSING', `There is no object ${key} in the bucket ${this.bucket}.`);
  }

  async #attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileFailure(error, doing);
    }
  }
}

function noUrls(remedy: string): UsageError {
  return new UsageError('Objects in the file store have no URLs of their own.', remedy);
}
