import type { PipelineEvent } from '@facelane/queue';

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

/** Tells when an asset is through the pipeline, whichever process does the work. */
export class AssetTracker {
  private readonly pending = new Map<string, () => void>();
  private readonly timer: NodeJS.Timeout;
  private lastNews = performance.now();
  private reconciling = false;

  constructor(private readonly options: TrackerOptions) {
    this.timer = setInterval(() => void this.reconcile(), options.quietMs);
  }

  /** To be called before the asset is submitted, so that no event is missed. */
  ended(assetId: string): Promise<void> {
    return new Promise((resolve) => this.pending.set(assetId, resolve));
  }

  readonly listener = ({ stage, assetId, outcome, final }: PipelineEvent): void => {
    if (!this.pending.has(assetId)) return;
    this.lastNews = performance.now();
    this.options.onStep?.(stage, outcome);
    if (final) void this.settle(assetId, outcome);
  };

  close(): void {
    clearInterval(this.timer);
    this.pending.clear();
  }

  private async settle(assetId: string, outcome?: PipelineEvent['outcome']): Promise<void> {
    const done = this.pending.get(assetId);
    if (done === undefined) return;
    try {
      if (!(await this.options.check(assetId, outcome))) return;
      this.pending.delete(assetId);
      done();
    } catch {
      // A store or a Redis that is away now is asked again when it has been quiet.
    }
  }

  private async reconcile(): Promise<void> {
    if (this.reconciling || performance.now() - this.lastNews < this.options.quietMs) return;
    this.reconciling = true;
    for (const assetId of [...this.pending.keys()]) await this.settle(assetId);
    this.reconciling = false;
  }
}
