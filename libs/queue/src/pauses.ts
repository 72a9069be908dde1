import { setTimeout as sleep } from 'node:timers/promises';

/** In milliseconds; a pause is twice the one before. */
const FIRST_MS = 20;
const LONGEST_MS = 1_000;

/**
 * Pauses of somebody who looks again and again for what another process will have done.
 *
 * The function it returns rejects with the reason of `signal` when that aborts.
 */
export function pauses(signal?: AbortSignal): () => Promise<void> {
  let nextMs = FIRST_MS;
  return async () => {
    const thisMs = nextMs;
    nextMs = Math.min(2 * nextMs, LONGEST_MS);
    signal?.throwIfAborted();
    await sleep(thisMs, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  };
}
