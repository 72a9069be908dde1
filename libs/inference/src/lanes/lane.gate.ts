import type { Lane } from '@facelane/contracts';

/** Bulk work that has waited so long goes on also while somebody waits: far below any stage's timeout. Milliseconds. */
const MAX_HOLD_MS = 5_000;

/**
 * Holds bulk work back while somebody waits for an answer: what runs, runs on, and nothing of it begins. Interactive
 * work that comes without a break does not starve it, since nothing is held for longer than MAX_HOLD_MS.
 */
export class LaneGate {
  #open = 0;
  readonly #listeners: (() => void)[] = [];
  readonly #waiting = new Set<() => void>();

  /** Whether bulk work that has waited since then may begin; `since` as of performance.now(). */
  mayBegin(since: number): boolean {
    return this.#open === 0 || this.isLate(since);
  }

  /** Whether what has waited since then goes before everything else. */
  isLate(since: number): boolean {
    return performance.now() - since >= MAX_HOLD_MS;
  }

  /** Calls back whenever bulk work may begin again. */
  onRelease(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Does the work in its lane: at once, holding bulk work back until it has ended, or when its turn has come.
   *
   * @throws the signal's reason when it aborts before the work began
   */
  async pass<T>(lane: Lane, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (lane === 'bulk') {
      if (this.#open > 0) await this.#turn(signal);
      signal?.throwIfAborted();
      return work();
    }
    this.#open += 1;
    try {
      return await work();
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#release();
    }
  }

  #release(): void {
    for (const go of this.#waiting) go();
    for (const listener of this.#listeners) listener();
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const turn = Promise.withResolvers<undefined>();
    const go = (): void => turn.resolve(undefined);
    const timer = setTimeout(go, MAX_HOLD_MS);
    this.#waiting.add(go);
    signal?.addEventListener('abort', go, { once: true });
    await turn.promise;
    signal?.removeEventListener('abort', go);
    this.#waiting.delete(go);
    clearTimeout(timer);
  }
}
