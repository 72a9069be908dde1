import type { IngestJob, ResultDocument } from '@facelane/contracts';
import type { PipelineEvent } from '@facelane/queue';
import { AssetOutcomes, type OutcomesDependencies } from './asset.outcomes.js';
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

export interface BatchDependencies extends Omit<OutcomesDependencies, 'maxResubmissions'> {
  readonly belt: { listen(listener: (event: PipelineEvent) => void): Promise<{ close(): Promise<void> }> };
}

/**
 * Submits photos through a bounded window and waits until each has its result document. Rejects with the signal's
 * reason when it aborts: what is on the belt by then stays there and is finished by the next worker.
 *
 * A photo given twice is one asset; its work is done once and its result told for both.
 */
export async function processBatch(
  { belt, ...dependencies }: BatchDependencies,
  jobs: readonly IngestJob[],
  options: BatchOptions = {},
): Promise<void> {
  const { signal, window = 200, quietMs = 3_000, onStep, onResult } = options;
  const outcomes = new AssetOutcomes({ ...dependencies, maxResubmissions: MAX_RESUBMISSIONS });
  for (const job of jobs) outcomes.track(job);
  const queue = outcomes.assetIds();
  const tracker = new AssetTracker({ quietMs, onStep, check: (assetId, outcome) => outcomes.check(assetId, outcome) });
  const aborted = rejectOnAbort(signal);
  const events = await belt.listen(tracker.listener);
  const lane = async (): Promise<void> => {
    for (let assetId = queue.shift(); assetId !== undefined; assetId = queue.shift()) {
      signal?.throwIfAborted();
      const ended = tracker.ended(assetId);
      if (await outcomes.submit(assetId)) await Promise.race([ended, aborted.promise]);
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

function rejectOnAbort(signal: AbortSignal | undefined): { promise: Promise<never>; dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason as Error);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, dispose: () => signal?.removeEventListener('abort', onAbort) };
}
