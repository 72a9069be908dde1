import { StageError } from '@facelane/contracts';
import type { ChannelBells } from '../bells/channel.bells.js';

/** Looks even without a ring, for a connection that is dead and does not know it. In milliseconds. */
const LOOK_MS = 10_000;
/** Looks again after this long when Redis was away, in milliseconds. */
const RETRY_MS = 250;

/**
 * Resolves to true as soon as `look` does, and to false after `ms` milliseconds or when the belt closes. A Redis that
 * goes away meanwhile is waited for until then.
 *
 * @throws StageError QUEUE.UNAVAILABLE when the first look or the last meets no Redis; whatever else a look throws.
 * @throws the reason of `signal` when it aborts.
 */
export async function waitUntil(
  look: () => Promise<boolean>,
  {
    bells,
    channel,
    ms,
    signal,
  }: { bells: ChannelBells; channel: string; ms: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  signal?.throwIfAborted();
  const until = performance.now() + ms;
  const abort = abortOf(signal);
  const bell = bells.open(channel);
  try {
    for (let isFirst = true; ; isFirst = false) {
      const isLast = performance.now() >= until;
      const answer = await Promise.race([isFirst || isLast ? look() : lookOrMiss(look), abort.rejects]);
      if (answer === true || isLast || bells.closed) return answer === true;
      const pauseMs = Math.min(until - performance.now(), answer === 'missed' ? RETRY_MS : LOOK_MS);
      await Promise.race([bell.heard(Math.max(0, pauseMs)), abort.rejects]);
    }
  } finally {
    bells.close(channel, bell);
    abort.forget();
  }
}

async function lookOrMiss(look: () => Promise<boolean>): Promise<boolean | 'missed'> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof StageError && error.code === 'QUEUE.UNAVAILABLE') return 'missed';
    throw error;
  }
}

function abortOf(signal?: AbortSignal): { readonly rejects: Promise<never>; readonly forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  // It may abort when nobody races with it.
  promise.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  return { rejects: promise, forget: () => signal?.removeEventListener('abort', onAbort) };
}
