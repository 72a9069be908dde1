import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyPipeline, StageError } from '@facelane/contracts';
import type { Job } from 'bullmq';
import type { StageQueues } from './stage.queues.js';

/** Pause between two looks, in milliseconds; doubles with every look. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/** A run ends at its stage's timeout at the latest; this many of them are time enough for its end to be written. */
const TIMEOUTS = 2;

/**
 * Waits until every run of the stage that is under way by now has ended, in any process. Runs that begin later are not
 * waited for. A run whose worker is not heard of is over when its lock ends, as everywhere.
 *
 * @throws StageError QUEUE.TIMEOUT when one does not end within twice the timeout of the stage.
 */
export async function settleRuns<P extends AnyPipeline>(
  queues: StageQueues<P>,
  stageName: keyof P['stages'] & string,
): Promise<void> {
  const { timeoutMs } = queues.pipeline.stages[stageName]!;
  const limitMs = TIMEOUTS * timeoutMs;
  const until = performance.now() + limitMs;
  let left = await runsOf(queues, stageName);
  for (let pauseMs = FIRST_PAUSE_MS; left.size > 0; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    if (performance.now() > until) {
      throw new StageError('QUEUE.TIMEOUT', `Stage ${stageName} did not end its runs within ${limitMs} ms.`, {
        safeDetails: { stage: stageName, limitMs },
      });
    }
    await sleep(pauseMs);
    const now = await runsOf(queues, stageName);
    left = new Set([...left].filter((run) => now.has(run)));
  }
}

/** A job that runs again has another start, and so is another run. */
async function runsOf<P extends AnyPipeline>(queues: StageQueues<P>, stageName: string): Promise<Set<string>> {
  // One that ended while the others were read is undefined, whatever the type says.
  const active: (Job | undefined)[] = await queues.queue(stageName).getActive();
  return new Set(active.flatMap((job) => (job === undefined ? [] : [`${job.id ?? ''} ${job.processedOn ?? 0}`])));
}
