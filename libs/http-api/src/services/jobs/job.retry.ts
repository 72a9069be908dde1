import { type BulkJobsRegistry, hasEnded, type Ledger, openBulkSource, retryFailed } from '@facelane/bulk';
import type { ObjectStore } from '@facelane/object-store';
import { ProblemError } from '../../problem/problem.error.js';
import type { SourcePolicy } from '../source.policy.js';
import type { WatchedJob } from './job.watch.js';

/** Makes jobs of what failed in others. */
export class JobRetry {
  constructor(
    private readonly jobs: BulkJobsRegistry,
    private readonly ledger: Ledger,
    private readonly store: ObjectStore,
    private readonly policy: SourcePolicy,
  ) {}

  /**
   * A job of the failed items of one that has ended, under the given id, or the job that has the id already.
   *
   * @param code only items that failed so.
   * @throws ProblemError API.JOB_UNFINISHED, API.JOB_NOTHING_FAILED
   */
  async retry({ job, progress }: Pick<WatchedJob, 'job' | 'progress'>, id: string, code?: string): Promise<void> {
    const { jobs, ledger, store, policy } = this;
    // What runs under the id already reads its own list.
    if ((await jobs.find({ tenant: job.tenant, id })) !== undefined) return;
    if (!hasEnded(progress)) throw new ProblemError('API.JOB_UNFINISHED', `Job ${job.id} is ${progress.state}.`);
    const openSource: Parameters<typeof retryFailed>[0]['openSource'] = ({ tenant, source }, cursor) => {
      const mayRead = (bucket: string, key: string): boolean => policy.mayRead(tenant, bucket, key);
      return openBulkSource(source, { store, mayRead }, cursor);
    };
    const { outcome } = await retryFailed({ jobs, ledger, store, openSource }, job, { id, code });
    if (outcome !== 'nothing') return;
    const how = code === undefined ? '' : ` with ${code}`;
    throw new ProblemError('API.JOB_NOTHING_FAILED', `Job ${job.id} has no photo that failed${how}.`);
  }
}
