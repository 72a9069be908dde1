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
import type { Exclusion } from '../exclusion.port.js';
import { FirstWriter } from './first.writer.js';
import { HandOver } from './hand-over.js';

const CONTENT_TYPE = 'application/vnd.facelane.container';

export interface ReadDerivedOptions {
  /**
   * The asset whose run reads: it is given what its run in the stage before has just stored. Others read the store, for
   * what is handed over may name an asset that was removed since. Default: nobody's, the store is read.
   */
  readonly handedTo?: string;
}

/**
 * What the models made of a photo: one object of crops, one of embeddings, filed by content and model contract, so
 * that the same bytes are worked on once.
 *
 * Each is written once. Whose run wrote the embeddings is the first asset with these bytes, and the others are its
 * duplicates: so it is the store that decides between runs that do not know of each other. It also means that a face
 * erased from an object is not brought back by a run that had found it before.
 */
export class DerivedStore {
  private readonly writer: FirstWriter;

  constructor(
    private readonly store: ObjectStore,
    exclusion: Exclusion,
    private readonly handOver: HandOver = new HandOver(),
  ) {
    this.writer = new FirstWriter(store, exclusion);
  }

  /** Leaves whole crops that are there already; damaged ones are replaced. */
  async writeCrops(tenant: string, header: CropsHeader, crops: Uint8Array, signal: AbortSignal): Promise<void> {
    const key = keys.crops(tenant, header.contract, header.sha256);
    await this.write(key, header, encodeCrops(header, crops), decodeCrops, signal);
  }

  /** @throws StageError EMBED.CROPS_UNREADABLE when they are missing or damaged. */
  async readCrops(
    tenant: string,
    contract: string,
    sha256: string,
    signal: AbortSignal,
    options: ReadDerivedOptions = {},
  ): Promise<ReturnType<typeof decodeCrops>> {
    const key = keys.crops(tenant, contract, sha256);
    return this.read(key, decodeCrops, 'EMBED.CROPS_UNREADABLE', signal, options);
  }

  /** Leaves whole embeddings that are there already; damaged ones are replaced. */
  async writeEmbeddings(
    tenant: string,
    header: EmbeddingsHeader,
    vectors: Float32Array,
    signal: AbortSignal,
  ): Promise<void> {
    const key = keys.embeddings(tenant, header.contract, header.sha256);
    await this.write(key, header, encodeEmbeddings(header, vectors), decodeEmbeddings, signal);
  }

  /** @throws StageError MATCH.EMBEDDINGS_UNREADABLE when they are missing or damaged. */
  async readEmbeddings(
    tenant: string,
    contract: string,
    sha256: string,
    signal: AbortSignal,
    options: ReadDerivedOptions = {},
  ): Promise<ReturnType<typeof decodeEmbeddings>> {
    const key = keys.embeddings(tenant, contract, sha256);
    return this.read(key, decodeEmbeddings, 'MATCH.EMBEDDINGS_UNREADABLE', signal, options);
  }

  /** Faces of the embeddings that are there and whole; undefined when they must be made (again). */
  async knownFaces(tenant: string, contract: string, sha256: string, signal: AbortSignal): Promise<number | undefined> {
    return facesIn(this.readEmbeddings(tenant, contract, sha256, signal), 'MATCH.EMBEDDINGS_UNREADABLE');
  }

  /** The same of the crops. */
  async knownCrops(tenant: string, contract: string, sha256: string, signal: AbortSignal): Promise<number | undefined> {
    return facesIn(this.readCrops(tenant, contract, sha256, signal), 'EMBED.CROPS_UNREADABLE');
  }

  async hasEmbeddings(tenant: string, contract: string, sha256: string, signal: AbortSignal): Promise<boolean> {
    return (await this.store.head(keys.embeddings(tenant, contract, sha256), { signal })) !== undefined;
  }

  /** Handed over is only what lies in the store now: whoever was not the first has nothing to hand over. */
  private async write(
    key: string,
    { assetId }: CropsHeader | EmbeddingsHeader,
    object: Uint8Array,
    decode: (bytes: Uint8Array) => unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const isWhole = (body: Uint8Array): boolean => isReadable(decode, body);
    const isFirst = await this.writer.put(key, object, { contentType: CONTENT_TYPE, isWhole, signal });
    if (isFirst) this.handOver.offer(handed(key, assetId), object);
  }

  private async read<T>(
    key: string,
    decode: (bytes: Uint8Array) => T,
    code: 'EMBED.CROPS_UNREADABLE' | 'MATCH.EMBEDDINGS_UNREADABLE',
    signal: AbortSignal,
    { handedTo }: ReadDerivedOptions,
  ): Promise<T> {
    const unreadable = (what: string, cause: unknown): StageError =>
      new StageError(code, `${key} is ${what}.`, { safeDetails: { key }, cause });
    const offered = handedTo === undefined ? undefined : this.handOver.take(handed(key, handedTo));
    const body = offered ?? (await this.stored(key, unreadable, signal));
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

const handed = (key: string, assetId: string): string => `${key} of ${assetId}`;

function isReadable(decode: (bytes: Uint8Array) => unknown, body: Uint8Array): boolean {
  try {
    decode(body);
    return true;
  } catch {
    return false;
  }
}

async function facesIn(
  reading: Promise<{ readonly header: { readonly faces: readonly unknown[] } }>,
  unreadable: 'EMBED.CROPS_UNREADABLE' | 'MATCH.EMBEDDINGS_UNREADABLE',
): Promise<number | undefined> {
  try {
    return (await reading).header.faces.length;
  } catch (error) {
    if (error instanceof StageError && error.code === unreadable) return undefined;
    throw error;
  }
}
