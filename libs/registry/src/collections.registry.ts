import {
  type CollectionDocument,
  collectionDocumentSchema,
  keys,
  type QualityGates,
  type QualityProfile,
  StageError,
  type Threshold,
  UsageError,
} from '@facelane/contracts';
import type { Page, PageOptions } from './document.page.js';
import type { DocumentStore } from './document.store.js';

export interface NewCollection {
  readonly tenant: string;
  readonly id: string;
  readonly contract: string;
  readonly thresholds: { readonly match: Threshold; readonly review: Threshold };
}

/** What may be set of a collection, at its creation and later. */
export interface CollectionSettings {
  readonly quality?: QualityProfile | undefined;
  readonly qualityBars?: QualityGates | undefined;
  readonly onePersonPerPhoto?: boolean | undefined;
  readonly retentionDays?: number | undefined;
  readonly description?: string | undefined;
}

type Thresholds = NewCollection['thresholds'];

/** What is absent stays; null takes a setting away. The model contract never changes. */
export type CollectionEdit = { readonly [K in keyof CollectionSettings]: CollectionSettings[K] | null } & {
  /** A function is given those that are there, also when somebody else is changing them. */
  readonly thresholds?: Thresholds | ((present: Thresholds) => Thresholds) | undefined;
};

const SETTINGS = ['quality', 'qualityBars', 'onePersonPerPhoto', 'retentionDays', 'description'] as const;

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
  async ensure(collection: NewCollection): Promise<CollectionDocument> {
    return requireContract((await this.create(collection)).collection, collection.contract);
  }

  /**
   * `exists`: there is one of that id already; it is returned and stays as it is.
   * @throws UsageError when the review threshold is above the match threshold.
   */
  async create({
    tenant,
    id,
    contract,
    thresholds,
    ...settings
  }: NewCollection & CollectionSettings): Promise<{ outcome: 'created' | 'exists'; collection: CollectionDocument }> {
    const fresh: CollectionDocument = withSettings(
      { version: 1, ...{ tenant, id, contract, thresholds }, createdAt: new Date().toISOString() },
      settings,
    );
    requireOrder(fresh);
    const { created, value } = await this.documents.create(
      keys.collection(tenant, id),
      collectionDocumentSchema,
      fresh,
    );
    return { outcome: created ? 'created' : 'exists', collection: value };
  }

  /**
   * Undefined when there is no such collection. Decisions made before stay as they are.
   * @throws UsageError when the review threshold is above the match threshold.
   */
  async update(
    tenant: string,
    id: string,
    { thresholds, ...edit }: CollectionEdit,
  ): Promise<CollectionDocument | undefined> {
    const updatedAt = new Date().toISOString();
    return this.documents.amend(keys.collection(tenant, id), collectionDocumentSchema, (current) => {
      const { thresholds: present } = current;
      const next = typeof thresholds === 'function' ? thresholds(present) : (thresholds ?? present);
      const changed = withSettings({ ...current, thresholds: next, updatedAt }, edit);
      requireOrder(changed);
      return changed;
    });
  }

  /** Only the document; what the collection holds is the caller's to remove first. Returns whether there was one. */
  async remove(tenant: string, id: string): Promise<boolean> {
    return this.documents.remove(keys.collection(tenant, id));
  }

  /** In no promised order. One listing request per collection, however many photos it holds. */
  async *list(tenant: string, after?: string): AsyncGenerator<CollectionDocument> {
    for await (const id of this.documents.folders(keys.collections(tenant), after)) {
      const collection = await this.find(tenant, id);
      if (collection !== undefined) yield collection;
    }
  }

  /** The same a page at a time; the cursor is the id of the last one. */
  async page(tenant: string, { after, limit }: PageOptions): Promise<Page<CollectionDocument>> {
    const items: CollectionDocument[] = [];
    for await (const collection of this.list(tenant, after)) {
      if (items.length === limit) return { items, next: items.at(-1)!.id };
      items.push(collection);
    }
    return { items };
  }

  /** Names of the tenants that have anything in the store. */
  tenants(): AsyncIterable<string> {
    return this.documents.folders(keys.tenants());
  }
}

function withSettings(collection: CollectionDocument, edit: CollectionEdit): CollectionDocument {
  const next: Record<string, unknown> = { ...collection };
  for (const setting of SETTINGS) {
    const value = edit[setting];
    // `undefined` says nothing, null takes away; the schema parses what is written.
    if (value === null) Reflect.deleteProperty(next, setting);
    else if (value !== undefined) next[setting] = value;
  }
  return next as CollectionDocument;
}

function requireOrder({ id, thresholds: { match, review } }: CollectionDocument): void {
  if (review.cosine <= match.cosine) return;
  throw new UsageError(
    `The review threshold of collection "${id}" (${review.cosine}) would be above its match threshold (${match.cosine}).`,
    'Set a review threshold that is at most the match threshold.',
  );
}

function requireContract(collection: CollectionDocument, contract: string): CollectionDocument {
  if (collection.contract === contract) return collection;
  throw new StageError(
    'MATCH.CONTRACT_MISMATCH',
    `Collection "${collection.id}" is pinned to model contract ${collection.contract}, not ${contract}.`,
    { safeDetails: { collection: collection.id, pinned: collection.contract, asked: contract } },
  );
}
