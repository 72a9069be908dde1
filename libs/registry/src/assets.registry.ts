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

  async writeResult(result: ResultDocument): Promise<void> {
    const { tenant, collection, assetId } = result;
    await this.documents.write(keys.result(tenant, collection, assetId), resultDocumentSchema, result);
  }

  async findResult({ tenant, collection, assetId }: AssetKey): Promise<ResultDocument | undefined> {
    return this.documents.read(keys.result(tenant, collection, assetId), resultDocumentSchema);
  }
}
