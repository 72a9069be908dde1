import { type IngestJob, ingestJobSchema, keys } from '@facelane/contracts';
import { type Page, type PageOptions, readPage } from './document.page.js';
import type { DocumentStore } from './document.store.js';

/**
 * The jobs of assets that were accepted, each kept until its asset is removed: proof of acceptance also when Redis is
 * lost, and the way from an asset's id alone to its collection.
 */
export class IntakeRegistry {
  constructor(private readonly documents: DocumentStore) {}

  /** The same asset again replaces its job. */
  async write(job: IngestJob): Promise<void> {
    await this.documents.write(keys.intake(job.tenant, job.assetId), ingestJobSchema, job);
  }

  async find(tenant: string, assetId: string): Promise<IngestJob | undefined> {
    return this.documents.read(keys.intake(tenant, assetId), ingestJobSchema);
  }

  /** Returns whether there was one. */
  async remove(tenant: string, assetId: string): Promise<boolean> {
    return this.documents.remove(keys.intake(tenant, assetId));
  }

  /** Jobs of all collections of the tenant, by the id of the asset. */
  async page(tenant: string, options: PageOptions): Promise<Page<IngestJob>> {
    return readPage(this.documents, keys.intakes(tenant), ingestJobSchema, options);
  }

  list(tenant: string): AsyncIterable<IngestJob> {
    return this.documents.list(keys.intakes(tenant), ingestJobSchema);
  }
}
