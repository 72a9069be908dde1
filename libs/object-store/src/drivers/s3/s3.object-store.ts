import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { StageError } from '@facelane/contracts';
import { consumeBody } from '../../consume-body.js';
import { checkKey, checkPrefix, checkReadableKey } from '../../object-key.js';
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
} from '../../object-store.port.js';
import { assertSize } from '../../object-size.js';
import { discardBody, readBody } from './s3.body.js';
import { S3Connection, type S3ObjectStoreOptions } from './s3.connection.js';
import { openBody } from './s3.download.js';
import { readFailure, toStoreError } from './s3.errors.js';
import { conditionHeaders, infoOf, listedInfo, required } from './s3.facts.js';
import { probeConditionalPut } from './s3.probe.js';
import { uploadBody } from './s3.upload.js';

/** S3 answers 409 when two conditional writes of a key overlap, and asks to send it again. */
const CONFLICT_ATTEMPTS = 5;

/** What the stores of all buckets of one deployment share. */
interface Shared {
  readonly connection: S3Connection;
  /** Probed in the first bucket: others may be read-only, and it is the server that differs, not the bucket. */
  readonly probeBucket: string;
  conditionalPut: Promise<boolean> | undefined;
}

/** Objects in Amazon S3 or a server that speaks its protocol. */
export class S3ObjectStore extends ObjectStore {
  readonly bucket: string;
  readonly #shared: Shared;

  constructor(
    private readonly options: S3ObjectStoreOptions,
    shared?: Shared,
  ) {
    super();
    this.bucket = options.bucket;
    this.#shared = shared ?? {
      connection: new S3Connection(options),
      probeBucket: options.bucket,
      conditionalPut: undefined,
    };
  }

  forBucket(bucket: string): S3ObjectStore {
    return new S3ObjectStore({ ...this.options, bucket }, this.#shared);
  }

  async get(key: string, { signal, maxBytes = Infinity }: GetOptions = {}): Promise<StoredObject> {
    checkReadableKey(key);
    return this.#call('reading', key, signal, async (options) => {
      const answer = await this.#client.send(new GetObjectCommand(this.#object(key)), options);
      try {
        const info = infoOf(key, answer);
        assertSize(info, maxBytes);
        return { ...info, body: await readBody(answer.Body, info.size, key, options.abortSignal) };
      } catch (error) {
        discardBody(answer.Body);
        throw error;
      }
    });
  }

  async open(key: string, options: OpenOptions = {}): Promise<OpenedObject> {
    checkReadableKey(key);
    return openBody(this.#shared.connection, this.#object(key), options);
  }

  async head(key: string, { signal }: ReadOptions = {}): Promise<ObjectInfo | undefined> {
    checkReadableKey(key);
    return this.#call('looking up', key, signal, async (options) => {
      try {
        return infoOf(key, await this.#client.send(new HeadObjectCommand(this.#object(key)), options));
      } catch (error) {
        // A HEAD has no body to say which: a missing bucket looks the same here.
        if (readFailure(error).status === 404) return undefined;
        throw error;
      }
    });
  }

  async put(key: string, body: Uint8Array, { contentType, condition, signal }: PutOptions): Promise<PutResult> {
    checkKey(key);
    if (condition !== undefined && !(await this.capabilities()).conditionalPut) {
      throw new StageError(
        'STORE.CONDITION_UNSUPPORTED',
        `The object store would ignore the condition on writing ${this.#name(key)}; nothing was written.`,
      );
    }
    const input = { ...this.#object(key), Body: body, ContentType: contentType, ...conditionHeaders(condition) };
    return this.#call('writing', key, signal, (options) => this.#put(input, body, options));
  }

  async putStream(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { contentType, signal }: StreamPutOptions,
  ): Promise<PutResult> {
    checkKey(key);
    signal?.throwIfAborted();
    const input = { ...this.#object(key), ContentType: contentType };
    return consumeBody(body, signal, (chunks) => uploadBody(this.#shared.connection, input, chunks, signal));
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#call('deleting', key, undefined, async (options) => {
      try {
        await this.#client.send(new DeleteObjectCommand(this.#object(key)), options);
      } catch (error) {
        // Amazon answers 204 for an absent key, some servers 404.
        if (readFailure(error).name !== 'NoSuchKey') throw error;
      }
    });
  }

  async *list(prefix: string, { startAfter, signal }: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    const first = startAfter === undefined || startAfter === '' ? {} : { StartAfter: startAfter };
    let continuation: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.bucket,
        Prefix: prefix,
        ...(continuation === undefined ? first : { ContinuationToken: continuation }),
      });
      const page = await this.#call('listing', prefix, signal, (options) => this.#client.send(command, options));
      yield* (page.Contents ?? []).map(listedInfo);
      continuation = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (continuation !== undefined);
  }

  async presignGet(key: string, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<string> {
    checkReadableKey(key);
    return this.#call('presigning', key, undefined, () =>
      getSignedUrl(this.#client, new GetObjectCommand(this.#object(key)), { expiresIn: expiresInSeconds }),
    );
  }

  async presignPut(
    key: string,
    { contentType, expiresInSeconds }: { readonly contentType: string; readonly expiresInSeconds: number },
  ): Promise<string> {
    checkKey(key);
    const command = new PutObjectCommand({ ...this.#object(key), ContentType: contentType });
    // The presigner leaves the content type unsigned unless told, and so any type would be accepted.
    const options = { expiresIn: expiresInSeconds, signableHeaders: new Set(['content-type', 'host']) };
    return this.#call('presigning', key, undefined, () => getSignedUrl(this.#client, command, options));
  }

  async capabilities(): Promise<StoreCapabilities> {
    const { connection, probeBucket } = this.#shared;
    // A failed probe is forgotten, so that the next call tries again.
    this.#shared.conditionalPut ??= probeConditionalPut(connection, probeBucket).catch((error: unknown) => {
      this.#shared.conditionalPut = undefined;
      throw error;
    });
    return { conditionalPut: await this.#shared.conditionalPut, presign: true };
  }

  close(): Promise<void> {
    this.#client.destroy();
    return Promise.resolve();
  }

  get #client(): S3Connection['client'] {
    return this.#shared.connection.client;
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: key };
  }

  #name(key: string): string {
    return `s3://${this.bucket}/${key}`;
  }

  #call<T>(
    doing: string,
    key: string,
    signal: AbortSignal | undefined,
    work: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return this.#shared.connection.call(`${doing} ${this.#name(key)}`, signal, work);
  }

  async #put(
    input: PutObjectCommandInput & { Bucket: string; Key: string },
    body: Uint8Array,
    options: { abortSignal: AbortSignal },
  ): Promise<PutResult> {
    const conditional = input.IfMatch !== undefined || input.IfNoneMatch !== undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        const { ETag } = await this.#client.send(new PutObjectCommand(input), options);
        return { outcome: 'stored', etag: required(ETag, input.Key) };
      } catch (error) {
        const { status, attempts } = readFailure(error);
        if (!conditional) throw error;
        // Some other conditional write is under way; it will be through when we have sent ours again.
        if (status === 409 && attempt < CONFLICT_ATTEMPTS) continue;
        // If-Match on a key that is gone.
        if (status === 404 && readFailure(error).name === 'NoSuchKey') return { outcome: 'condition-failed' };
        if (status !== 412) throw error;
        return attempts > 1 || attempt > 1 ? this.#whoWon(input.Key, body, options) : { outcome: 'condition-failed' };
      }
    }
  }

  /** When the answer to our first attempt was lost, the second is refused because the first one won. */
  async #whoWon(key: string, body: Uint8Array, options: { abortSignal: AbortSignal }): Promise<PutResult> {
    const stored = await this.get(key, { signal: options.abortSignal, maxBytes: body.length }).catch(
      (error: unknown) => {
        const { code } = toStoreError(error, 'comparing');
        if (code === 'INGEST.TOO_LARGE' || code === 'STORE.MISSING') return undefined;
        throw error;
      },
    );
    if (stored === undefined || !Buffer.from(stored.body).equals(body)) return { outcome: 'condition-failed' };
    return { outcome: 'stored', etag: stored.etag };
  }
}
