import { delay } from './delay.js';
import { eventsOf } from './event.stream.js';
import type { Job } from './generated/types.gen.js';
import { mayPass, MOST_FAILURES, waitAfter } from './reconnect.policy.js';

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
    await wait(waitAfter(failures), signal);
  }
}
