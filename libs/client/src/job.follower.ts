import { delay } from './delay.js';
import { eventsOf } from './event.stream.js';
import { FacelaneProblem } from './facelane.problem.js';
import { FacelaneUnreachable } from './facelane.unreachable.js';
import type { Job } from './generated/types.gen.js';

/** Times in a row that following a job may fail before that is told; a server that restarts is back by then. */
const MOST_FAILURES = 8;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Whether nothing will happen to the job any more. */
export const hasEnded = ({ state }: Pick<Job, 'state'>): boolean =>
  state === 'completed' || state === 'cancelled' || state === 'failed';

/**
 * The job at once, and again when it has changed, until it has ended. A connection that breaks is made again.
 *
 * @param open - begins a stream of events
 * @throws FacelaneProblem, FacelaneUnreachable when it goes on failing; the signal's reason when it aborts
 */
export async function* followJob(
  open: () => Promise<ReadableStream<Uint8Array>>,
  signal: AbortSignal | undefined,
  wait: typeof delay = delay,
): AsyncGenerator<Job, void> {
  for (let failures = 0; ;) {
    try {
      for await (const event of eventsOf(await open())) {
        const job = event as Job;
        failures = 0;
        yield job;
        if (hasEnded(job)) return;
      }
      failures += 1;
      if (failures > MOST_FAILURES) throw new Error('The API ends the stream of events before the job has ended.');
    } catch (error) {
      signal?.throwIfAborted();
      failures += 1;
      if (failures > MOST_FAILURES || !mayPass(error)) throw error;
    }
    await wait(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS), signal);
  }
}

/** A stream that breaks fails with what fetch fails with. */
const mayPass = (error: unknown): boolean =>
  error instanceof FacelaneUnreachable ||
  error instanceof TypeError ||
  (error instanceof FacelaneProblem && [429, 502, 503, 504].includes(error.status));
