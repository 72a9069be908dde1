import { delay } from './delay.js';
import { FacelaneProblem } from './facelane.problem.js';
import { FacelaneUnreachable } from './facelane.unreachable.js';

/** Times in a row that what goes on for long may fail before that is told; a server that restarts is back by then. */
export const MOST_FAILURES = 8;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** How long to wait after so many failures in a row, in milliseconds. */
export const waitAfter = (failures: number): number => Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);

/** A stream that breaks fails with what fetch fails with. */
export const mayPass = (error: unknown): boolean =>
  error instanceof FacelaneUnreachable ||
  error instanceof TypeError ||
  (error instanceof FacelaneProblem && [429, 502, 503, 504].includes(error.status));

/**
 * Asks until there is an answer.
 *
 * @throws FacelaneProblem, FacelaneUnreachable when it goes on failing; the signal's reason when it aborts
 */
export async function untilAnswered<T>(
  ask: () => Promise<T>,
  signal: AbortSignal | undefined,
  wait: typeof delay = delay,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      signal?.throwIfAborted();
      if (failures > MOST_FAILURES || !mayPass(error)) throw error;
    }
    await wait(waitAfter(failures), signal);
  }
}
