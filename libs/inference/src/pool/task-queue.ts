import { StageError } from '@facelane/contracts';

interface Waiting {
  readonly start: () => void;
}

/** Starts at most `lanes` tasks at a time, in order of arrival; knows nothing of threads. */
export class TaskQueue {
  readonly #waiting: Waiting[] = [];
  readonly #idleListeners: (() => void)[] = [];
  readonly #drainListeners: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly lanes: number,
    private readonly maxWaiting: number,
  ) {}

  get idle(): number {
    return Math.max(0, this.lanes - this.#running);
  }

  onIdle(listener: () => void): void {
    this.#idleListeners.push(listener);
  }

  /** @throws StageError INFERENCE.OVERLOADED when the queue is full; the signal's reason after an abort. */
  add<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    if (this.idle === 0 && this.#waiting.length >= this.maxWaiting) {
      return Promise.reject(
        new StageError('INFERENCE.OVERLOADED', `${this.#waiting.length} tasks wait for ${this.lanes} threads already.`),
      );
    }
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        const at = this.#waiting.indexOf(entry);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(asError(signal?.reason));
      };
      const entry: Waiting = {
        start: () => {
          this.#running++;
          const settle = (): void => {
            signal?.removeEventListener('abort', onAbort);
            this.#running--;
            this.#next();
          };
          task().then(resolve, reject).finally(settle).catch(reject);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (this.idle > 0) entry.start();
      else this.#waiting.push(entry);
    });
  }

  /** Resolves when nothing runs or waits. */
  drained(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drainListeners.push(resolve));
  }

  #next(): void {
    const entry = this.#waiting.shift();
    if (entry !== undefined) {
      entry.start();
      return;
    }
    for (const listener of this.#idleListeners) listener();
    if (this.#running > 0) return;
    for (const resolve of this.#drainListeners.splice(0)) resolve();
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
