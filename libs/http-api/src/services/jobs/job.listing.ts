import type { BulkJobsRegistry } from '@facelane/bulk';
import { type BulkProgressDocument, uuidSchema } from '@facelane/contracts';
import { cursorAfter, readCursor } from '../cursor.js';
import type { WatchedJob } from './job.watch.js';

export interface JobFilter {
  readonly collection?: string | undefined;
  readonly state?: BulkProgressDocument['state'] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

type ListedJob = Pick<WatchedJob, 'job' | 'progress'>;

const LIST = 'jobs';

/** Pages through the bulk jobs of a tenant, by id. */
export class JobListing {
  constructor(private readonly jobs: Pick<BulkJobsRegistry, 'page' | 'findProgress'>) {}

  /** A page is looked for among `limit` jobs. @throws ProblemError API.REQUEST_INVALID for a cursor of another list. */
  async page(
    tenant: string,
    { collection, state, cursor, limit }: JobFilter,
  ): Promise<{ readonly items: readonly ListedJob[]; readonly next?: string }> {
    const after = readCursor(cursor, LIST, uuidSchema);
    const { items, next } = await this.jobs.page(tenant, { after, limit });
    const listed = await Promise.all(
      items.map(async (job) => ({ job, progress: await this.jobs.findProgress({ tenant, id: job.id }) })),
    );
    return {
      items: listed.flatMap(({ job, progress }) => {
        const fits =
          progress !== undefined &&
          (collection === undefined || job.collection === collection) &&
          (state === undefined || progress.state === state);
        return fits ? [{ job, progress }] : [];
      }),
      ...(next !== undefined && { next: cursorAfter(LIST, next) }),
    };
  }
}
