import type { BulkJobDocument, BulkProgressDocument } from '@facelane/contracts';
import { Bell } from '@facelane/queue';
import type { JobDependencies, JobTuning } from './feeder.dependencies.js';
import { ItemDesk } from './item.desk.js';
import { JobAccount } from './job.account.js';
import type { JobControl } from './job.control.js';
import { MAX_OPEN_ITEMS } from './open.items.js';
import { SourceLines } from './source.lines.js';

/** Items that are read and put on the belt together, at most. */
const BATCH = 100;

/** The belt is filled up when so much of the window is free: fewer round trips, and it stays nearly full. */
const REFILL = 0.1;

/** `stopped`: it is to be gone on with at another time, by whoever comes. */
export type RunEnd = 'ended' | 'paused' | 'stopped';

/** A job as whoever has just taken its lease finds it. */
export interface HeldJob {
  readonly job: BulkJobDocument;
  readonly progress: BulkProgressDocument;
  readonly fence: number;
}

/**
 * Brings one job from where it is to its end: reads its items, keeps a window of them on the belt, and keeps accounts
 * of how they end, so that each is in the ledger once, whoever dies on the way.
 */
export class JobRunner {
  private readonly account: JobAccount;
  private readonly desk: ItemDesk;
  private readonly bell = new Bell();
  private readonly settleMs: number;
  /** Up to this place, whoever had the job before may have put items on the belt. */
  private readonly metUpTo: number;
  private read: number;
  private settledAt = performance.now();

  constructor(
    private readonly dependencies: JobDependencies,
    private readonly held: HeldJob,
    private readonly control: JobControl,
    { quietMs = 3_000, settleMs = 10_000 }: JobTuning = {},
  ) {
    const { job, progress, fence } = held;
    const begunBefore = progress.startedAt !== undefined;
    this.settleMs = settleMs;
    this.read = progress.accounted;
    this.metUpTo = begunBefore ? progress.accounted + MAX_OPEN_ITEMS : 0;
    this.account = new JobAccount(dependencies, job, progress, fence);
    this.desk = new ItemDesk(dependencies, job, this.account.open, { quietMs, begunBefore, onEnd: this.bell.ring });
  }

  /**
   * Rejects with the reason of `signal` when it aborts: nothing is written then, and whoever takes the job next finds
   * what was on the belt.
   *
   * @throws StageError when a server is away; the job is as it was and may be taken up again
   */
  async run(signal: AbortSignal): Promise<RunEnd> {
    const { job, progress } = this.held;
    this.control.onChange(this.bell.ring);
    signal.addEventListener('abort', this.bell.ring, { once: true });
    signal.throwIfAborted();
    await this.account.begin();
    const source = new SourceLines(
      this.dependencies.openSource(job, progress.cursor === '' ? undefined : progress.cursor),
    );
    try {
      await this.desk.listen();
      return await this.loop(source, signal);
    } finally {
      signal.removeEventListener('abort', this.bell.ring);
      await this.desk.close();
      await source.close().catch(() => undefined);
    }
  }

  private async loop(source: SourceLines, signal: AbortSignal): Promise<RunEnd> {
    for (;;) {
      signal.throwIfAborted();
      if (this.control.stopped) return this.leave();
      await this.settleDue();
      switch (this.control.wish) {
        case 'cancel':
          return this.cancel(source, signal);
        case 'pause':
          if (this.desk.inFlight === 0) return this.pause();
          break;
        case 'run':
          if (source.done && this.desk.inFlight === 0) return this.finish(source);
          if (await this.release(source)) continue;
          break;
      }
      await this.bell.heard(this.settleMs);
    }
  }

  /** Puts items on the belt where there is room. False: there was none, or nothing to put. */
  private async release(source: SourceLines): Promise<boolean> {
    const window = Math.max(1, Math.min(this.control.window, this.held.job.options.window));
    const free = window - this.desk.inFlight;
    const count = Math.min(free, this.account.open.room, this.unmet(), BATCH);
    if (source.done || count <= 0 || (free < window * REFILL && this.desk.inFlight > 0)) return false;
    const met = this.read < this.metUpTo;
    const items = await source.next(count);
    this.read += items.length;
    await this.desk.accept(items, { kind: 'submit', met });
    return true;
  }

  /** Items up to the place where nobody has been; one batch is of one kind. */
  private unmet(): number {
    return this.read < this.metUpTo ? this.metUpTo - this.read : Infinity;
  }

  private async settleDue(): Promise<void> {
    const due = performance.now() - this.settledAt >= this.settleMs;
    await this.account.settle(due);
    if (due) this.settledAt = performance.now();
  }

  /** Every item counts, also those that were never released: the counts add up to the lines. */
  private async cancel(source: SourceLines, signal: AbortSignal): Promise<RunEnd> {
    await this.desk.cancelAll();
    while (!source.done) {
      signal.throwIfAborted();
      if (this.control.stopped) return this.leave();
      const met = this.read < this.metUpTo;
      const items = await source.next(Math.min(this.unmet(), BATCH));
      this.read += items.length;
      await this.desk.accept(items, { kind: 'cancel', met });
      await this.account.settle(false);
    }
    signal.throwIfAborted();
    await this.account.settle(true);
    await this.account.end('cancelled', source.failure);
    return 'ended';
  }

  private async finish(source: SourceLines): Promise<RunEnd> {
    await this.account.settle(true);
    await this.account.end(source.failure === undefined ? 'completed' : 'failed', source.failure);
    return 'ended';
  }

  private async pause(): Promise<RunEnd> {
    await this.account.settle(true);
    await this.account.pause();
    return 'paused';
  }

  private async leave(): Promise<RunEnd> {
    await this.account.settle(true);
    return 'stopped';
  }
}
