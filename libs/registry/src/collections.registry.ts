import {
  type CollectionDocument,
  collectionDocumentSchema,
  keys,
  StageError,
  type Threshold,
} from '@facelane/contracts';
import type { DocumentStore } from './document.store.js';

export interface NewCollection {
  readonly tenant: string;
  readonly id: string;
  readonly contract: string;
  readonly thresholds: { readonly match: Threshold; readonly review: Threshold };
}

/** Galleries. A collection keeps the model contract it was created with for life. */
export class CollectionsRegistry {
  constructor(private readonly documents: DocumentStore) {}

  async find(tenant: string, id: string): Promise<CollectionDocument | undefined> {
    return this.documents.read(keys.collection(tenant, id), collectionDocumentSchema);
  }

  /** @throws StageError MATCH.COLLECTION_MISSING, or MATCH.CONTRACT_MISMATCH when it is pinned to another contract. */
  async require(tenant: string, id: string, contract: string): Promise<CollectionDocument> {
    const collection = await this.find(tenant, id);
    if (collection === undefined) {
      throw new StageError('MATCH.COLLECTION_MISSING', `There is no collection "${id}".`, { safeDetails: { id } });
    }
    return requireContract(collection, contract);
  }

  /** Creates it, or returns the one that is there. @throws StageError MATCH.CONTRACT_MISMATCH as `require` does. */
  async ensure({ tenant, id, contract, thresholds }: NewCollection): Promise<CollectionDocument> {
    const collection = await this.documents.update(
      keys.collection(tenant, id),
      collectionDocumentSchema,
      (current): CollectionDocument =>
        current ?? { version: 1, tenant, id, contract, thresholds, createdAt: new Date().toISOString() },
    );
    return requireContract(collection, contract);
  }

  /** In no promised order. One listing request per collection, however many photos it holds. */
  async *list(tenant: string): AsyncGenerator<CollectionDocument> {
    for await (const id of this.documents.folders(keys.collections(tenant))) {
      const collection = await this.find(tenant, id);
      if (collection !== undefined) yield collection;
    }
  }
}

function requireContract(collection: CollectionDocument, contract: string): CollectionDocument {
  if (collection.contract === contract) return collection;
  throw new StageError(
    'MATCH.CONTRACT_MISMATCH',
    `Collection "${collection.id}" is pinned to model contract ${collection.contract}, not ${contract}.`,
    { safeDetails: { collection: collection.id, pinned: collection.contract, asked: contract } },
  );
}
