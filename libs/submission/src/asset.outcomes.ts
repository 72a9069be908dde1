import { ERROR_CODES, type FailedResult, type IngestJob, type ResultDocument } from '@facelane/contracts';
import type { PipelineEvent } from '@facelane/queue';
import type { AssetsRegistry } from '@facelane/registry';
import type { AssetSubmitter } from './asset.submitter.js';

interface Tracked {
  readonly jobs: readonly [IngestJob, ...IngestJob[]];
  result?: ResultDocument;
  resubmissions: number;
}

export interface OutcomesDependencies {
  readonly submitter: Pick<AssetSubmitter, 'carries'> & { submit(jobs: readonly IngestJob[]): Promise<unknown> };
  readonly assets: Pick<AssetsRegistry, 'findResult'>;
  /** Times an asset that left the belt without this run's result is put on it again. */
  readonly maxResubmissions: number;
  /**
   * Whether the photo is still to be worked on: one that was removed while it waited here, or after it had left the belt
   * without a result, must not come back. Default: always.
   */
  readonly isWanted?: (job: IngestJob) => Promise<boolean>;
}

/** What has become of each asset of a run. */
export class AssetOutcomes {
  private readonly tracked = new Map<string, Tracked>();

  constructor(private readonly dependencies: OutcomesDependencies) {}

  /** A job of an asset that is tracked already waits for the same result. */
  track(job: IngestJob): void {
    const known = this.tracked.get(job.assetId);
    this.tracked.set(job.assetId, { jobs: known ? [...known.jobs, job] : [job], resubmissions: 0 });
  }

  assetIds(): string[] {
    return [...this.tracked.keys()];
  }

  /** Puts the asset on the belt. False when it is not wanted any more: it has ended with a failure that says so. */
  async submit(assetId: string): Promise<boolean> {
    const { submitter, isWanted } = this.dependencies;
    const tracked = this.require(assetId);
    const [job] = tracked.jobs;
    if (isWanted !== undefined && !(await isWanted(job))) {
      tracked.result = removed(job);
      return false;
    }
    await submitter.submit([job]);
    return true;
  }

  /**
   * Whether the asset has the result of this run. The result of an earlier run is none, and an earlier run's job that
   * was still on the belt is not ours: when nothing on the belt will make one, as also after the loss of Redis, the
   * asset is submitted again.
   */
  async check(assetId: string, outcome?: PipelineEvent['outcome']): Promise<boolean> {
    const { submitter, maxResubmissions } = this.dependencies;
    const tracked = this.require(assetId);
    const [job] = tracked.jobs;
    if (await this.findsResult(tracked)) return true;
    const carried = await submitter.carries(assetId);
    // Once more: it may have ended between the two questions.
    if (await this.findsResult(tracked)) return true;
    // Let go of meanwhile: nobody waits for it any more.
    if (carried || this.tracked.get(assetId) !== tracked) return false;
    if (tracked.resubmissions >= maxResubmissions) {
      tracked.result = withoutRecord(job, maxResubmissions + 1, outcome);
      return true;
    }
    tracked.resubmissions += 1;
    return !(await this.submit(assetId));
  }

  /** The result of an asset that has ended, and whoever asked for it; it is tracked no more. */
  take(assetId: string): { readonly result: ResultDocument; readonly jobs: readonly IngestJob[] } {
    const { result, jobs } = this.require(assetId);
    if (result === undefined) throw new TypeError(`Asset ${assetId} has not ended.`);
    this.tracked.delete(assetId);
    return { result, jobs };
  }

  /** Lets go of an asset: it is not submitted again. */
  forget(assetId: string): void {
    this.tracked.delete(assetId);
  }

  private async findsResult(tracked: Tracked): Promise<boolean> {
    const [job] = tracked.jobs;
    const result = await this.dependencies.assets.findResult(job);
    if (result?.submittedAt !== job.submittedAt) return false;
    tracked.result = result;
    return true;
  }

  private require(assetId: string): Tracked {
    const tracked = this.tracked.get(assetId);
    if (tracked === undefined) throw new TypeError(`Asset ${assetId} is not of this run.`);
    return tracked;
  }
}

/** Ended again and again without a result document: the store refuses even the record of the failure. */
function withoutRecord(job: IngestJob, attempts: number, outcome: PipelineEvent['outcome'] = 'failed'): FailedResult {
  return failedResult(job, {
    ...{ stage: 'match', code: 'STORE.UNAVAILABLE', attempts, details: {} },
    message: `The work on the photo ${outcome}, but its result could not be stored.`,
    remedy: 'Look at the dead letters (npm run facelane -- dead-letters) and at the rights to write to the store.',
  });
}

function removed(job: IngestJob): FailedResult {
  return failedResult(job, {
    ...{ stage: 'ingest', code: 'STORE.MISSING', attempts: 1, details: {} },
    message: 'The photo was removed before it was worked on.',
    remedy: ERROR_CODES['STORE.MISSING'].remedy,
  });
}

function failedResult(job: IngestJob, failure: FailedResult['failure']): FailedResult {
  const { tenant, collection, assetId, contract, submittedAt } = job;
  return { version: 1, state: 'failed', tenant, collection, assetId, contract, submittedAt, failure };
}
