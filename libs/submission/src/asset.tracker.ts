import type { PipelineEvent } from '@facelane/queue';

/** Assets looked at together. */
const CHECKED_AT_ONCE = 16;

/** So many times as long without news of one asset, and it is looked at although others have news. */
const PATIENCE = 10;

export interface TrackerOptions {
  /** Without news for this long the assets themselves are looked at: events are a convenience, not the book. */
  readonly quietMs: number;
  /**
   * Looks at an asset that may have ended. `outcome` is what its last event said; absent when there was no event.
   * Returns whether it has.
   */
  readonly check: (assetId: string, outcome?: PipelineEvent['outcome']) => Promise<boolean>;
  /** Every step of a tracked asset. */
  readonly onStep?: ((stage: string, outcome: PipelineEvent['outcome']) => void) | undefined;
}

interface Pending {
  readonly done: () => void;
  /** When it was last heard of, or looked at. */
  newsAt: number;
}

/** Tells when an asset is through the pipeline, whichever process does the work. */
export class AssetTracker {
  private readonly pending = new Map<string, Pending>();
  private readonly timer: NodeJS.Timeout;
  private lastNews = performance.now();
  private reconciling = false;

  constructor(private readonly options: TrackerOptions) {
    this.timer = setInterval(() => void this.reconcile(), options.quietMs);
  }

  /** To be called before the asset is submitted, so that no event is missed. */
  ended(assetId: string): Promise<void> {
    return new Promise((done) => this.pending.set(assetId, { done, newsAt: performance.now() }));
  }

  readonly listener = ({ stage, assetId, outcome, final }: PipelineEvent): void => {
    const pending = this.pending.get(assetId);
    if (pending === undefined) return;
    pending.newsAt = this.lastNews = performance.now();
    this.options.onStep?.(stage, outcome);
    if (final) void this.settle(assetId, outcome);
  };

  /** Looks at an asset now, as when it has been quiet. */
  async look(assetId: string): Promise<void> {
    await this.settle(assetId);
  }

  /** Lets go of an asset; its promise stays as it is. */
  forget(assetId: string): void {
    this.pending.delete(assetId);
  }

  close(): void {
    clearInterval(this.timer);
    this.pending.clear();
  }

  private async settle(assetId: string, outcome?: PipelineEvent['outcome']): Promise<void> {
    const pending = this.pending.get(assetId);
    if (pending === undefined) return;
    pending.newsAt = performance.now();
    try {
      if (!(await this.options.check(assetId, outcome))) return;
      if (this.pending.get(assetId) !== pending) return;
      this.pending.delete(assetId);
      pending.done();
    } catch {
      // A store or a Redis that is away now is asked again when it has been quiet.
    }
  }

  private async reconcile(): Promise<void> {
    if (this.reconciling) return;
    this.reconciling = true;
    const due = this.due();
    for (let at = 0; at < due.length; at += CHECKED_AT_ONCE) {
      await Promise.all(due.slice(at, at + CHECKED_AT_ONCE).map((assetId) => this.settle(assetId)));
    }
    this.reconciling = false;
  }

  /** All when nothing at all is heard; else those whose own event may have been missed among the others'. */
  private due(): string[] {
    const { quietMs } = this.options;
    const now = performance.now();
    if (now - this.lastNews >= quietMs) return [...this.pending.keys()];
    const overdue = [...this.pending].filter(([, { newsAt }]) => now - newsAt >= PATIENCE * quietMs);
    return overdue.map(([assetId]) => assetId);
  }
}
