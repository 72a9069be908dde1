import type { FailedResult, IngestJob, ResultDocument } from '@facelane/contracts';
import type { PipelineEvent } from '@facelane/queue';
import type { AssetsRegistry } from '@facelane/registry';
import { type AssetSubmitter } from './asset.submitter.js';
import { AssetTracker } from './asset.tracker.js';

/** Times an asset that left the belt without this run's result is put on it again. */
const MAX_RESUBMISSIONS = 3;

export interface BatchOptions {
  readonly signal?: AbortSignal;
  /** Assets on the belt at a time; the rest waits here, so Redis stays small. Default 200. */
  readonly window?: number;
  /** Without news for this long the result documents are asked, in milliseconds. Default 3 000. */
  readonly quietMs?: number;
  readonly onStep?: (stage: string, outcome: PipelineEvent['outcome']) => void;
  /** Each of the jobs as its asset ends, in the order of ending. */
  readonly onResult?: (result: ResultDocument, job: IngestJob) => void;
}

export interface BatchDependencies {
  readonly belt: { listen(listener: (event: PipelineEvent) => void): Promise<{ close(): Promise<void> }> };
  readonly submitter: Pick<AssetSubmitter, 'carries' | 'submit'>;
  readonly assets: Pick<AssetsRegistry, 'findResult'>;
}

/**
 * Submits photos through a bounded window and waits until each has its result document. Rejects with the signal's
 * reason when it aborts: what is on the belt by then stays there and is finished by the next worker.
 *
 * A photo given twice is one asset; its work is done once and its result told for both.
 */
export async function processBatch(
  { belt, submitter, assets }: BatchDependencies,
  jobs: readonly IngestJob[],
  options: BatchOptions = {},
): Promise<void> {
  const { signal, window = 200, quietMs = 3_000, onStep, onResult } = options;
  const outcomes = new Outcomes(jobs, submitter, assets);
  const queue = outcomes.assetIds();
  const tracker = new AssetTracker({ quietMs, onStep, check: (assetId, outcome) => outcomes.check(assetId, outcome) });
  const aborted = rejectOnAbort(signal);
  const events = await belt.listen(tracker.listener);
  const lane = async (): Promise<void> => {
    for (let assetId = queue.shift(); assetId !== undefined; assetId = queue.shift()) {
      signal?.throwIfAborted();
      const ended = tracker.ended(assetId);
      await outcomes.submit(assetId);
      await Promise.race([ended, aborted.promise]);
      const { result, jobs: wanted } = outcomes.take(assetId);
      for (const job of wanted) onResult?.(result, job);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(window, queue.length) }, lane));
  } finally {
    // The other lanes find nothing left to do.
    queue.length = 0;
    aborted.dispose();
    tracker.close();
    await events.close();
  }
}

interface Tracked {
  readonly jobs: readonly [IngestJob, ...IngestJob[]];
  result?: ResultDocument;
  resubmissions: number;
}

/** What has become of each asset of this run. */
class Outcomes {
  private readonly tracked = new Map<string, Tracked>();

  constructor(
    jobs: readonly IngestJob[],
    private readonly submitter: BatchDependencies['submitter'],
    private readonly assets: BatchDependencies['assets'],
  ) {
    for (const job of jobs) {
      const known = this.tracked.get(job.assetId);
      this.tracked.set(job.assetId, { jobs: known ? [...known.jobs, job] : [job], resubmissions: 0 });
    }
  }

  assetIds(): string[] {
    return [...this.tracked.keys()];
  }

  async submit(assetId: string): Promise<void> {
    await this.submitter.submit([this.require(assetId).jobs[0]]);
  }

  /**
   * Whether the asset has the result of this run. The result of an earlier run is none, and an earlier run's job that
   * was still on the belt is not ours: when nothing on the belt will make one, as also after the loss of Redis, the
   * asset is submitted again.
   */
  async check(assetId: string, outcome?: PipelineEvent['outcome']): Promise<boolean> {
    const tracked = this.require(assetId);
    const [job] = tracked.jobs;
    const carried = await this.submitter.carries(assetId);
    const result = await this.assets.findResult(job);
    if (result?.submittedAt === job.submittedAt) {
      tracked.result = result;
      return true;
    }
    if (carried) return false;
    if (tracked.resubmissions >= MAX_RESUBMISSIONS) {
      tracked.result = withoutRecord(job, outcome);
      return true;
    }
    tracked.resubmissions += 1;
    await this.submit(assetId);
    return false;
  }

  take(assetId: string): { readonly result: ResultDocument; readonly jobs: readonly IngestJob[] } {
    const { result, jobs } = this.require(assetId);
    if (result === undefined) throw new TypeError(`Asset ${assetId} has not ended.`);
    this.tracked.delete(assetId);
    return { result, jobs };
  }

  private require(assetId: string): Tracked {
    const tracked = this.tracked.get(assetId);
    if (tracked === undefined) throw new TypeError(`Asset ${assetId} is not of this run.`);
    return tracked;
  }
}

/** Ended again and again without a result document: the store refuses even the record of the failure. */
function withoutRecord(job: IngestJob, outcome: PipelineEvent['outcome'] = 'failed'): FailedResult {
  const { tenant, collection, assetId, contract, submittedAt } = job;
  const message = `The work on the photo ${outcome}, but its result could not be stored.`;
  const remedy = 'Look at the dead letters (npm run facelane -- dead-letters) and at the rights to write to the store.';
  return {
    version: 1,
    state: 'failed',
    tenant,
    collection,
    assetId,
    contract,
    submittedAt,
    failure: {
      stage: 'match',
      code: 'STORE.UNAVAILABLE',
      message,
      remedy,
      attempts: MAX_RESUBMISSIONS + 1,
      details: {},
    },
  };
}

function rejectOnAbort(signal: AbortSignal | undefined): { promise: Promise<never>; dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason as Error);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, dispose: () => signal?.removeEventListener('abort', onAbort) };
}
