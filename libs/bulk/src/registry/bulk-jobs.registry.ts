import { isDeepStrictEqual } from 'node:util';
import {
  type BulkJobDocument,
  bulkJobDocumentSchema,
  type BulkProgressDocument,
  bulkProgressDocumentSchema,
  keys,
  uuidSchema,
} from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { DocumentStore, Page, PageOptions } from '@facelane/registry';
import { ErasedMarks } from '../erasure/erased.marks.js';

export interface BulkJobKey {
  readonly tenant: string;
  readonly id: string;
}

/** A job that has not ended, as far as the listing knows. */
export interface UnfinishedJob extends BulkJobKey {
  readonly since: Date;
}

export type BulkWish = BulkJobDocument['wish'];

/** How far a job is of which no feeder has written yet. */
const NOT_BEGUN: Omit<BulkProgressDocument, 'updatedAt'> = {
  version: 1,
  state: 'waiting',
  fence: 0,
  accounted: 0,
  cursor: '',
  counts: { done: 0, no_faces: 0, duplicate: 0, failed: 0, cancelled: 0 },
  failures: {},
};

const UNFINISHED_BODY = new Uint8Array();

/** Whether nothing will ever happen to the job again. */
export function hasEnded({ state }: Pick<BulkProgressDocument, 'state'>): boolean {
  return state === 'cancelled' || state === 'completed' || state === 'failed';
}

/** Bulk jobs: what was asked for, and how far each is. */
export class BulkJobsRegistry {
  constructor(
    private readonly documents: DocumentStore,
    private readonly store: ObjectStore,
  ) {}

  /** `exists`: the id is taken; the job that has it is returned and stays as it is. */
  async create(
    job: BulkJobDocument,
  ): Promise<{ readonly outcome: 'created' | 'exists'; readonly job: BulkJobDocument }> {
    // First: a job without its marker would never be found by a feeder. A marker without a job does no harm.
    await this.mark(job);
    const key = keys.bulkJob(job.tenant, job.id);
    const { created, value } = await this.documents.create(key, bulkJobDocumentSchema, job);
    return { outcome: created ? 'created' : 'exists', job: value };
  }

  async find({ tenant, id }: BulkJobKey): Promise<BulkJobDocument | undefined> {
    return this.documents.read(keys.bulkJob(tenant, id), bulkJobDocumentSchema);
  }

  /** The tenant's jobs by id; the cursor is the id of the last one. */
  async page(tenant: string, { after, limit }: PageOptions): Promise<Page<BulkJobDocument>> {
    const items: BulkJobDocument[] = [];
    for await (const id of this.documents.folders(keys.bulkJobs(tenant), after)) {
      if (items.length === limit) return { items, next: items.at(-1)!.id };
      const job = await this.find({ tenant, id });
      // What was uploaded for a job that was never made lies in such a folder too.
      if (job !== undefined) items.push(job);
    }
    return { items };
  }

  /**
   * What the job is to do from now on; the feeder that holds it hears of it within seconds.
   * `refused`: it has ended, or is cancelled and was to do something else.
   */
  async setWish(
    key: BulkJobKey,
    wish: BulkWish,
  ): Promise<
    | { readonly outcome: 'set' | 'refused'; readonly job: BulkJobDocument }
    | { readonly outcome: 'missing'; readonly job?: never }
  > {
    const progress = await this.findProgress(key);
    const ended = progress !== undefined && hasEnded(progress);
    const job = await this.documents.amend(keys.bulkJob(key.tenant, key.id), bulkJobDocumentSchema, (current) =>
      ended || current.wish === 'cancel' || current.wish === wish ? current : { ...current, wish },
    );
    if (job === undefined) return { outcome: 'missing' };
    return { outcome: !ended && job.wish === wish ? 'set' : 'refused', job };
  }

  /** Undefined when there is no such job; `waiting` when no feeder has written of it yet. */
  async findProgress(key: BulkJobKey): Promise<BulkProgressDocument | undefined> {
    const progress = await this.documents.read(keys.bulkProgress(key.tenant, key.id), bulkProgressDocumentSchema);
    if (progress !== undefined) return progress;
    const job = await this.find(key);
    return job && { ...NOT_BEGUN, updatedAt: job.createdAt };
  }

  /**
   * Files how far the job is. False, and nothing is written, when a feeder with a higher fence has written of it, or
   * when it has ended. One that has ended stays on the list of the unfinished until that is told: see `unmark`.
   */
  async writeProgress(key: BulkJobKey, progress: BulkProgressDocument): Promise<boolean> {
    const kept = await this.documents.update(
      keys.bulkProgress(key.tenant, key.id),
      bulkProgressDocumentSchema,
      (current) =>
        current !== undefined && (current.fence > progress.fence || hasEnded(current)) ? current : progress,
    );
    // Equal: it was ours, and the store's answer to the first attempt was lost.
    return isDeepStrictEqual(kept, progress);
  }

  /**
   * Jobs of all tenants that have not ended: one listing, nothing is read. One may be listed that has ended or was
   * never made, when somebody died in between.
   */
  async *unfinished(): AsyncGenerator<UnfinishedJob> {
    const prefix = keys.bulkUnfinishedJobs();
    for await (const { key, lastModified } of this.store.list(prefix)) {
      const [tenant = '', id = ''] = key.slice(prefix.length).split('.');
      if (uuidSchema.safeParse(id).success) yield { tenant, id, since: lastModified };
    }
  }

  /** Puts a job on the list of the unfinished; that it is there already is fine. */
  async mark({ tenant, id }: BulkJobKey): Promise<void> {
    await this.store.put(keys.bulkUnfinished(tenant, id), UNFINISHED_BODY, { contentType: 'text/plain' });
  }

  /**
   * Takes a job off that list, and with it who was erased while it ran. The list goes last: of a job that is still on
   * it, this is asked for again.
   */
  async unmark({ tenant, id }: BulkJobKey): Promise<void> {
    await new ErasedMarks(this.store).clear({ tenant, id });
    await this.store.delete(keys.bulkUnfinished(tenant, id));
  }
}
