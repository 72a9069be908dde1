import { StageError } from '@facelane/contracts';
import type { QdrantClient } from '@qdrant/js-client-rest';
import type { IndexContract } from '../../face-index.port.js';
import { contractMissing, toIndexError } from './qdrant.errors.js';
import { collectionSchema, INDEXED_FIELDS } from './qdrant.mapping.js';

interface KnownCollection {
  readonly dimension: number;
  readonly indexed: ReadonlySet<string>;
}

/** The Qdrant collections behind model contracts: made once, with their payload indexes, by whichever process is first. */
export class QdrantContracts {
  readonly #client: QdrantClient;
  /** Only found collections are remembered: another process may create a missing one at any time. */
  readonly #dimensions = new Map<string, number>();

  constructor(client: QdrantClient) {
    this.#client = client;
  }

  collectionOf(contractId: string): string {
    return `facelane_${contractId}`;
  }

  async dimensionOf(contractId: string): Promise<number> {
    const known = this.#dimensions.get(contractId);
    if (known !== undefined) return known;
    const found = await this.#find(contractId);
    if (found === undefined) throw contractMissing(contractId);
    this.#dimensions.set(contractId, found.dimension);
    return found.dimension;
  }

  forget(contractId: string): void {
    this.#dimensions.delete(contractId);
  }

  async ensure(contract: IndexContract): Promise<void> {
    const found = (await this.#find(contract.id)) ?? (await this.#create(contract));
    if (found.dimension !== contract.dimension) {
      throw new StageError(
        'INDEX.CONTRACT_MISMATCH',
        `Model contract ${contract.id} is indexed with ${found.dimension} numbers per vector, not ${contract.dimension}.`,
      );
    }
    // A process that died between creating the collection and its indexes left some out; creating one twice is harmless.
    for (const field of INDEXED_FIELDS) {
      if (!found.indexed.has(field)) await this.#createIndex(contract.id, field);
    }
    this.#dimensions.set(contract.id, contract.dimension);
  }

  async #create(contract: IndexContract): Promise<KnownCollection> {
    try {
      const vectors = { size: contract.dimension, distance: 'Cosine' as const };
      await this.#client.createCollection(this.collectionOf(contract.id), { vectors });
      return { dimension: contract.dimension, indexed: new Set() };
    } catch (error) {
      // Another process may have created it in the meantime; then its answer counts, else the failure does.
      const found = await this.#find(contract.id);
      if (found === undefined) throw error;
      return found;
    }
  }

  async #createIndex(contractId: string, field: string): Promise<void> {
    // is_tenant keeps the points of one tenant together on disk, since every query names exactly one.
    const schema = { type: 'keyword' as const, ...(field === 'tenant' ? { is_tenant: true } : {}) };
    await this.#client.createPayloadIndex(this.collectionOf(contractId), {
      wait: true,
      field_name: field,
      field_schema: schema,
    });
  }

  async #find(contractId: string): Promise<KnownCollection | undefined> {
    const collection = this.collectionOf(contractId);
    try {
      const { config, payload_schema } = collectionSchema.parse(await this.#client.getCollection(collection));
      const { size, distance } = config.params.vectors;
      if (distance !== 'Cosine') {
        throw new StageError(
          'INDEX.CONTRACT_MISMATCH',
          `The Qdrant collection ${collection} compares by ${distance}; Facelane's compare by Cosine.`,
        );
      }
      return { dimension: size, indexed: new Set(Object.keys(payload_schema)) };
    } catch (error) {
      const failure = toIndexError(error, `looking up ${collection}`, contractId);
      if (failure.code === 'INDEX.CONTRACT_MISSING') return undefined;
      throw failure;
    }
  }
}
