import {
  type AssetDocument,
  assetDocumentSchema,
  keys,
  type ResultDocument,
  resultDocumentSchema,
} from '@facelane/contracts';
import { idsBelow, type Page, type PageOptions, readPage } from './document.page.js';
import type { DocumentStore } from './document.store.js';

export interface AssetKey {
  readonly tenant: string;
  readonly collection: string;
  readonly assetId: string;
}

/** An id as a listing shows it. */
export interface ListedAsset {
  readonly assetId: string;
  /** When the document was last written. */
  readonly writtenAt: Date;
}

/**
 * Photos and how they ended. The asset's own jobs write both documents; a result is also changed by those who say
 * whose a face is, so whoever changes one does it by `changeResult`.
 */
export class AssetsRegistry {
  constructor(private readonly documents: DocumentStore) {}

  /** Returns whether the asset was known before. */
  async writeAsset(asset: AssetDocument): Promise<boolean> {
    return this.documents.replace(keys.asset(asset.tenant, asset.collection, asset.id), assetDocumentSchema, asset);
  }

  async findAsset({ tenant, collection, assetId }: AssetKey): Promise<AssetDocument | undefined> {
    return this.documents.read(keys.asset(tenant, collection, assetId), assetDocumentSchema);
  }

  /** Returns whether there was one. */
  async removeAsset({ tenant, collection, assetId }: AssetKey): Promise<boolean> {
    return this.documents.remove(keys.asset(tenant, collection, assetId));
  }

  /** Photos that were accepted by ingest, by id. */
  async page(tenant: string, collection: string, options: PageOptions): Promise<Page<AssetDocument>> {
    return readPage(this.documents, keys.assets(tenant, collection), assetDocumentSchema, options);
  }

  /** Every accepted photo of the collection, by id. */
  list(tenant: string, collection: string): AsyncIterable<AssetDocument> {
    return this.documents.list(keys.assets(tenant, collection), assetDocumentSchema);
  }

  /**
   * Ids of the assets that have a document or a result, each once, in their order: one that failed at ingest has a
   * result only. Two listings side by side; nothing is read.
   */
  async *ids(tenant: string, collection: string, after?: string): AsyncGenerator<string> {
    const results = idsBelow(this.documents, keys.results(tenant, collection), after);
    let result = await results.next();
    for await (const asset of idsBelow(this.documents, keys.assets(tenant, collection), after)) {
      for (; result.done !== true && result.value < asset; result = await results.next()) yield result.value;
      if (result.done !== true && result.value === asset) result = await results.next();
      yield asset;
    }
    for (; result.done !== true; result = await results.next()) yield result.value;
  }

  /**
   * Ids of the assets without a result, by walking the two listings side by side: nothing is read, whatever the
   * number of finished assets.
   */
  async *unfinished(tenant: string, collection: string): AsyncGenerator<string> {
    const results = idsBelow(this.documents, keys.results(tenant, collection));
    let result = await results.next();
    for await (const asset of idsBelow(this.documents, keys.assets(tenant, collection))) {
      while (result.done !== true && result.value < asset) result = await results.next();
      if (result.done === true || result.value !== asset) yield asset;
    }
  }

  /** Documents of assets, or results, with the time they were last written; nothing is read. */
  async *listed(kind: 'assets' | 'results', tenant: string, collection: string): AsyncGenerator<ListedAsset> {
    const prefix = keys[kind](tenant, collection);
    for await (const { key, lastModified } of this.documents.infos(prefix)) {
      if (key.endsWith('.json')) yield { assetId: key.slice(prefix.length, -'.json'.length), writtenAt: lastModified };
    }
  }

  async writeResult(result: ResultDocument): Promise<void> {
    const { tenant, collection, assetId } = result;
    await this.documents.write(keys.result(tenant, collection, assetId), resultDocumentSchema, result);
  }

  /** Writes the result unless the asset has one, and returns whether it did. */
  async writeFirstResult(result: ResultDocument): Promise<boolean> {
    const { tenant, collection, assetId } = result;
    return this.documents.writeFirst(keys.result(tenant, collection, assetId), resultDocumentSchema, result);
  }

  async findResult({ tenant, collection, assetId }: AssetKey): Promise<ResultDocument | undefined> {
    return this.documents.read(keys.result(tenant, collection, assetId), resultDocumentSchema);
  }

  /**
   * Reads, changes and writes as one step; two changes at once lose neither. `change` may run several times;
   * returning what it was given writes nothing. Undefined when there is no result: none is made.
   */
  async changeResult(
    { tenant, collection, assetId }: AssetKey,
    change: (current: ResultDocument) => ResultDocument,
  ): Promise<ResultDocument | undefined> {
    return this.documents.amend(keys.result(tenant, collection, assetId), resultDocumentSchema, change);
  }

  /** Returns whether there was one. */
  async removeResult({ tenant, collection, assetId }: AssetKey): Promise<boolean> {
    return this.documents.remove(keys.result(tenant, collection, assetId));
  }

  /** Every result of the collection, by id. */
  results(tenant: string, collection: string): AsyncIterable<ResultDocument> {
    return this.documents.list(keys.results(tenant, collection), resultDocumentSchema);
  }
}
