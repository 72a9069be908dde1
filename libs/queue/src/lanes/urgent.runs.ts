import type { Job } from 'bullmq';
import type { LenientWorker } from '../lenient.worker.js';

/** Jobs beyond a worker's concurrency at a time: one person's wait, not another worker. */
const MOST = 2;

export interface UrgentRunsOptions {
  readonly worker: LenientWorker;
  /** Whether the worker takes no more by itself. */
  readonly isFull: () => boolean;
  /** Jobs that somebody waits for, in the queue. */
  readonly waiting: () => Promise<number>;
  readonly onError: (error: unknown) => void;
}

/**
 * Runs jobs that somebody waits for while bulk work keeps every place of a worker: such a job goes before all bulk work,
 * but without this it would wait until one of those jobs ends, at each stage again.
 */
export class UrgentRuns {
  private readonly running = new Set<Promise<void>>();
  private taken = 0;

  constructor(private readonly options: UrgentRunsOptions) {}

  /** Takes what waits, as long as the worker is full. */
  readonly take = (): void => {
    if (this.running.size >= MOST || !this.options.isFull()) return;
    const run = this.runOne()
      .catch((error: unknown) => {
        this.options.onError(error);
        return false;
      })
      .then((ran) => {
        this.running.delete(run);
        // Whoever rang while all places were taken is not heard of again.
        if (ran) this.take();
      });
    this.running.add(run);
  };

  /** Resolves when none runs any more. */
  async ended(): Promise<void> {
    await Promise.all(this.running);
  }

  private async runOne(): Promise<boolean> {
    const { worker, waiting } = this.options;
    // Others may have heard the bell, and what comes after these is bulk work.
    const count = await waiting();
    if (count === 0) return false;
    const token = `${worker.id}:urgent:${(this.taken += 1)}`;
    // Its types do not say that there may be none.
    const job = (await worker.getNextJob(token, { block: false })) as Job<unknown> | undefined;
    // The bell rings once for all that are added together.
    if (count > 1) this.take();
    if (job !== undefined) await worker.processJob(job, token, () => false);
    return job !== undefined;
  }
}
