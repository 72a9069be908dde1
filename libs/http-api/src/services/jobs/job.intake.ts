import type { BulkJobsRegistry } from '@facelane/bulk';
import { type BulkJobDocument, type BulkSource, type CollectionDocument, keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { NewJobBody, NewJobItem } from '../../schemas/job.schema.js';
import type { SourcePolicy } from '../source.policy.js';

/** Accepts bulk jobs: what it has returned is not lost, whatever happens to Redis. */
export class JobIntake {
  constructor(
    private readonly jobs: Pick<BulkJobsRegistry, 'create' | 'find'>,
    private readonly store: Pick<ObjectStore, 'bucket' | 'put'>,
    private readonly policy: SourcePolicy,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Makes the job, or finds the one that has the id already.
   *
   * @throws ProblemError API.SOURCE_NOT_ALLOWED
   */
  async accept(
    tenant: string,
    id: string,
    wish: NewJobBody,
    { id: collection, contract }: CollectionDocument,
  ): Promise<BulkJobDocument> {
    // The items of a job that runs already stay as they are.
    const known = await this.jobs.find({ tenant, id });
    if (known !== undefined) return known;
    const source = await this.sourceOf(tenant, id, wish);
    const { onlyNew, weight, window, notify, tags } = wish;
    const total = wish.items?.length ?? wish.expectedItems;
    const { job } = await this.jobs.create({
      ...{ version: 1, tenant, id, collection, contract, source, wish: 'run' },
      options: { ...{ onlyNew, weight, window, notify }, ...(tags !== undefined && { tags }) },
      createdAt: new Date(this.now()).toISOString(),
      ...(total !== undefined && { total }),
    });
    return job;
  }

  private async sourceOf(tenant: string, id: string, { manifest, prefix, items }: NewJobBody): Promise<BulkSource> {
    if (manifest !== undefined) {
      this.policy.sourceOf(tenant, { kind: 'object', ...manifest });
      return { kind: 'manifest', ...manifest };
    }
    if (prefix !== undefined) {
      this.policy.requirePrefix(tenant, prefix.bucket, prefix.prefix);
      const { bucket, prefix: below, since } = prefix;
      return { kind: 'prefix', bucket, prefix: below, ...(since !== undefined && { since }) };
    }
    return this.keepItems(tenant, id, items ?? []);
  }

  /** A list is a manifest that we write ourselves. */
  private async keepItems(tenant: string, id: string, items: readonly NewJobItem[]): Promise<BulkSource> {
    for (const item of items) {
      this.policy.sourceOf(tenant, 'url' in item ? { kind: 'url', ...item } : { kind: 'object', ...item });
    }
    const key = keys.bulkItems(tenant, id);
    const text = items.map((item) => `${JSON.stringify(item)}\n`).join('');
    await this.store.put(key, new TextEncoder().encode(text), { contentType: 'application/x-ndjson' });
    return { kind: 'manifest', bucket: this.store.bucket, key };
  }
}
