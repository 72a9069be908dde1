import type { IngestJob, ResultDocument } from '@facelane/contracts';
import type { PipelineBelt, PipelineEvent } from '@facelane/queue';
import type { AssetsRegistry } from '@facelane/registry';
import type { AssetSubmitter } from './asset.submitter.js';
import { AssetTracker } from './asset.tracker.js';

export interface BatchOptions {
  readonly signal?: AbortSignal;
  /** Assets on the belt at a time; the rest waits here, so Redis stays small. Default 200. */
  readonly window?: number;
  readonly onStep?: (stage: string, outcome: PipelineEvent['outcome']) => void;
  /** Each asset as it ends, in the order of ending. */
  readonly onResult?: (result: ResultDocument, job: IngestJob) => void;
}

export interface BatchDependencies {
  readonly belt: PipelineBelt;
  readonly submitter: AssetSubmitter;
  readonly assets: AssetsRegistry;
}

/**
 * Submits photos through a bounded window and waits until each has its result document. Rejects with the signal's
 * reason when it aborts: what is on the belt by then stays there and is finished by the next worker.
 *
 * A photo given twice is one asset and has one result.
 */
export async function processBatch(
  { belt, submitter, assets }: BatchDependencies,
  jobs: readonly IngestJob[],
  options: BatchOptions = {},
): Promise<void> {
  const { signal, window = 200, onStep, onResult } = options;
  const queue = [...new Map(jobs.map((job) => [job.assetId, job])).values()];
  const byId = new Map(queue.map((job) => [job.assetId, job]));
  const resultOf = async (job: IngestJob): Promise<ResultDocument | undefined> => {
    const result = await assets.findResult(job);
    // A result of an earlier run is not this run's.
    return result?.submittedAt === job.submittedAt ? result : undefined;
  };
  const tracker = new AssetTracker({
    hasEnded: async (assetId) => (await resultOf(byId.get(assetId)!)) !== undefined,
    onStep,
  });
  const events = await belt.listen(tracker.listener);
  const aborted = rejectOnAbort(signal);
  const lane = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const ended = tracker.ended(job.assetId);
      await submitter.submit([job]);
      await Promise.race([ended, aborted.promise]);
      const result = await resultOf(job);
      if (result !== undefined) onResult?.(result, job);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(window, queue.length) }, lane));
  } finally {
    aborted.dispose();
    tracker.close();
    await events.close();
  }
}

function rejectOnAbort(signal: AbortSignal | undefined): { promise: Promise<never>; dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason as Error);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, dispose: () => signal?.removeEventListener('abort', onAbort) };
}
