import type { BulkWish } from '../registry/bulk-jobs.registry.js';

/** What a running job is told from outside: by its document, by the other jobs, and by the end of the feeder. */
export class JobControl {
  private listener: () => void = () => undefined;
  private stop = false;

  constructor(
    private asked: BulkWish = 'run',
    private share = Infinity,
  ) {}

  get wish(): BulkWish {
    return this.asked;
  }

  /** Items that may be on the belt at a time. */
  get window(): number {
    return this.share;
  }

  /** The feeder ends: leave off as things are, another one goes on. */
  get stopped(): boolean {
    return this.stop;
  }

  /** A job that is being cancelled is not brought back. */
  setWish(wish: BulkWish): void {
    if (this.asked !== 'cancel') this.change(() => (this.asked = wish));
  }

  setWindow(window: number): void {
    this.change(() => (this.share = window));
  }

  setStopped(): void {
    this.change(() => (this.stop = true));
  }

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  private change(set: () => void): void {
    set();
    this.listener();
  }
}
