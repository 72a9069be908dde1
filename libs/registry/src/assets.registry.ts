import {
  type AssetDocument,
  assetDocumentSchema,
  keys,
  type ResultDocument,
  resultDocumentSchema,
} from '@facelane/contracts';
import type { DocumentStore } from './document.store.js';

export interface AssetKey {
  readonly tenant: string;
  readonly collection: string;
  readonly assetId: string;
}

/** Photos and how they ended. Each document has one writer, the asset's own job. */
export class AssetsRegistry {
  constructor(private readonly documents: DocumentStore) {}

  async writeAsset(asset: AssetDocument): Promise<void> {
    await this.documents.write(keys.asset(asset.tenant, asset.collection, asset.id), assetDocumentSchema, asset);
  }

  async findAsset({ tenant, collection, assetId }: AssetKey): Promise<AssetDocument | undefined> {
    return this.documents.read(keys.asset(tenant, collection, assetId), assetDocumentSchema);
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

  async writeResult(result: ResultDocument): Promise<void> {
    const { tenant, collection, assetId } = result;
    await this.documents.write(keys.result(tenant, collection, assetId), resultDocumentSchema, result);
  }

  async findResult({ tenant, collection, assetId }: AssetKey): Promise<ResultDocument | undefined> {
    return this.documents.read(keys.result(tenant, collection, assetId), resultDocumentSchema);
  }
}

/** Ids are lower-case hex and dashes, so their order as text is the order of their keys. */
async function* idsBelow(documents: DocumentStore, prefix: string): AsyncGenerator<string> {
  for await (const key of documents.keys(prefix)) {
    if (key.endsWith('.json')) yield key.slice(prefix.length, -'.json'.length);
  }
}
