import {
  type CropsHeader,
  decodeCrops,
  decodeEmbeddings,
  type EmbeddingsHeader,
  encodeCrops,
  encodeEmbeddings,
  keys,
  StageError,
} from '@facelane/contracts';
import { ObjectStore } from '@facelane/object-store';
import { HandOver } from './hand-over.js';

const CONTENT_TYPE = 'application/vnd.facelane.container';

/**
 * What the models made of a photo: one object of crops, one of embeddings, filed by content and model contract, so
 * that the same bytes are worked on once.
 */
export class DerivedStore {
  constructor(
    private readonly store: ObjectStore,
    private readonly handOver: HandOver = new HandOver(),
  ) {}

  async writeCrops(tenant: string, header: CropsHeader, crops: Uint8Array, signal: AbortSignal): Promise<void> {
    const key = keys.crops(tenant, header.contract, header.sha256);
    await this.write(key, encodeCrops(header, crops), signal);
  }

  /** @throws StageError EMBED.CROPS_UNREADABLE when they are missing or damaged. */
  async readCrops(
    tenant: string,
    contract: string,
    sha256: string,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof decodeCrops>> {
    const key = keys.crops(tenant, contract, sha256);
    return this.read(key, decodeCrops, 'EMBED.CROPS_UNREADABLE', signal);
  }

  async writeEmbeddings(
    tenant: string,
    header: EmbeddingsHeader,
    vectors: Float32Array,
    signal: AbortSignal,
  ): Promise<void> {
    const key = keys.embeddings(tenant, header.contract, header.sha256);
    await this.write(key, encodeEmbeddings(header, vectors), signal);
  }

  /**
   * `fresh`: read from the store whatever was handed over, for work that does not directly follow the embedding.
   * @throws StageError MATCH.EMBEDDINGS_UNREADABLE when they are missing or damaged.
   */
  async readEmbeddings(
    tenant: string,
    contract: string,
    sha256: string,
    signal: AbortSignal,
    { fresh = false }: { readonly fresh?: boolean } = {},
  ): Promise<ReturnType<typeof decodeEmbeddings>> {
    const key = keys.embeddings(tenant, contract, sha256);
    if (fresh) this.handOver.take(key);
    return this.read(key, decodeEmbeddings, 'MATCH.EMBEDDINGS_UNREADABLE', signal);
  }

  /** Faces of the embeddings that are there and whole; undefined when they must be made (again). */
  async knownFaces(tenant: string, contract: string, sha256: string, signal: AbortSignal): Promise<number | undefined> {
    try {
      return (await this.readEmbeddings(tenant, contract, sha256, signal)).header.faces.length;
    } catch (error) {
      if (error instanceof StageError && error.code === 'MATCH.EMBEDDINGS_UNREADABLE') return undefined;
      throw error;
    }
  }

  async hasEmbeddings(tenant: string, contract: string, sha256: string, signal: AbortSignal): Promise<boolean> {
    return (await this.store.head(keys.embeddings(tenant, contract, sha256), { signal })) !== undefined;
  }

  private async write(key: string, object: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.store.put(key, object, { contentType: CONTENT_TYPE, signal });
    this.handOver.offer(key, object);
  }

  private async read<T>(
    key: string,
    decode: (bytes: Uint8Array) => T,
    code: 'EMBED.CROPS_UNREADABLE' | 'MATCH.EMBEDDINGS_UNREADABLE',
    signal: AbortSignal,
  ): Promise<T> {
    const unreadable = (what: string, cause: unknown): StageError =>
      new StageError(code, `${key} is ${what}.`, { safeDetails: { key }, cause });
    const body = this.handOver.take(key) ?? (await this.stored(key, unreadable, signal));
    try {
      return decode(body);
    } catch (error) {
      throw unreadable('damaged', error);
    }
  }

  private async stored(
    key: string,
    unreadable: (what: string, cause: unknown) => StageError,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { body } = await this.store.get(key, { signal }).catch((error: unknown) => {
      // Trouble with the store is the store's.
      throw error instanceof StageError && error.code === 'STORE.MISSING' ? unreadable('missing', error) : error;
    });
    return body;
  }
}
