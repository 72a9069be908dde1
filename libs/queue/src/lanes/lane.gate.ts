import type { Lane } from '@facelane/contracts';

/** Longest time for which one piece of interactive work holds bulk work back: it may hang on somebody's slow server. */
const MAX_HOLD_MS = 1_000;

/** So long after it bulk work is still held: what is worked on in stages comes back in a moment. Milliseconds. */
const LINGER_MS = 40;

/** Bulk work that has waited so long begins, far below any stage's timeout. Milliseconds. */
const LATE_MS = 5_000;

/**
 * Holds bulk work of this process back while somebody waits for an answer: what runs, runs on, and nothing of it begins.
 * Interactive work that comes without a break does not starve it, since nothing waits for longer than LATE_MS.
 */
export class LaneGate {
  #holding = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #listeners: (() => void)[] = [];

  /** Whether bulk work that has waited since then may begin; `since` as of performance.now(). */
  mayBegin(since: number): boolean {
    return this.#holding === 0 || performance.now() - since >= LATE_MS;
  }

  /** Calls back whenever bulk work may begin again. */
  onRelease(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Does the work: bulk work when it may begin; interactive work at once, and no bulk work begins until shortly after
   * its end.
   */
  async pass<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    if (lane === 'bulk') {
      if (this.#holding > 0) await this.#turn();
      return work();
    }
    const letGo = this.hold();
    try {
      return await work();
    } finally {
      letGo();
    }
  }

  /** Holds bulk work back until shortly after the returned function is called, at most for MAX_HOLD_MS. */
  hold(): () => void {
    const end = this.#hold();
    const timer = setTimeout(end, MAX_HOLD_MS);
    return () => {
      clearTimeout(timer);
      setTimeout(end, LINGER_MS);
    };
  }

  async #turn(): Promise<void> {
    const turn = Promise.withResolvers<undefined>();
    const go = (): void => turn.resolve(undefined);
    const timer = setTimeout(go, LATE_MS);
    this.#waiting.push(go);
    await turn.promise;
    clearTimeout(timer);
  }

  /** Returns what ends it; only its first call does. */
  #hold(): () => void {
    this.#holding += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holding -= 1;
      if (this.#holding > 0) return;
      for (const go of this.#waiting.splice(0)) go();
      for (const listener of this.#listeners) listener();
    };
  }
}
