import { type Lane, StageError } from '@facelane/contracts';
import { isLate, type LaneOrder } from '../lanes/lane.order.js';

interface Waiting {
  readonly start: () => void;
  readonly since: number;
}

export interface TaskOptions {
  /** Interactive tasks go before all bulk ones, which wait while they may not begin. Default interactive. */
  readonly lane?: Lane | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Starts at most `lanes` tasks at a time, each kind in order of arrival; knows nothing of threads. */
export class TaskQueue {
  readonly #waiting: Record<Lane, Waiting[]> = { interactive: [], bulk: [] };
  readonly #idleListeners: (() => void)[] = [];
  readonly #drainListeners: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly lanes: number,
    private readonly maxWaiting: number,
    private readonly order: LaneOrder,
  ) {
    order.onRelease(() => this.#fill());
  }

  get idle(): number {
    return Math.max(0, this.lanes - this.#running);
  }

  onIdle(listener: () => void): void {
    this.#idleListeners.push(listener);
  }

  /** @throws StageError INFERENCE.OVERLOADED when the queue is full; the signal's reason after an abort. */
  add<T>(task: () => Promise<T>, { lane = 'interactive', signal }: TaskOptions = {}): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    const waiting = this.#waiting[lane];
    // Nothing waits that could run.
    if (waiting.length >= this.maxWaiting) {
      return Promise.reject(
        new StageError('INFERENCE.OVERLOADED', `${waiting.length} tasks wait for ${this.lanes} threads already.`),
      );
    }
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        const at = waiting.indexOf(entry);
        if (at >= 0) waiting.splice(at, 1);
        reject(asError(signal?.reason));
      };
      const entry: Waiting = {
        since: performance.now(),
        start: () => {
          this.#running++;
          const settle = (): void => {
            signal?.removeEventListener('abort', onAbort);
            this.#running--;
            this.#settled();
          };
          task().then(resolve, reject).finally(settle).catch(reject);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(entry);
      this.#fill();
    });
  }

  /** Resolves when nothing runs or waits. */
  drained(): Promise<void> {
    if (this.#isDrained()) return Promise.resolve();
    return new Promise((resolve) => this.#drainListeners.push(resolve));
  }

  #fill(): void {
    while (this.idle > 0) {
      const next = this.#next();
      if (next === undefined) return;
      next.start();
    }
  }

  /** Bulk work that was held too long goes first, so that it cannot starve. */
  #next(): Waiting | undefined {
    const { interactive, bulk } = this.#waiting;
    const [first] = bulk;
    const may = first !== undefined && this.order.mayBegin(first.since);
    if (may && (interactive.length === 0 || isLate(first.since))) return bulk.shift();
    return interactive.shift();
  }

  #isDrained(): boolean {
    return this.#running === 0 && this.#waiting.interactive.length === 0 && this.#waiting.bulk.length === 0;
  }

  #settled(): void {
    this.#fill();
    if (this.idle === 0) return;
    for (const listener of this.#idleListeners) listener();
    if (!this.#isDrained()) return;
    for (const resolve of this.#drainListeners.splice(0)) resolve();
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
