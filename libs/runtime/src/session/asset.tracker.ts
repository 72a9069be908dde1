import type { PipelineEvent } from '@facelane/queue';

/** Without news for this long the results themselves are asked: events are a convenience, not the book. */
const QUIET_MS = 3_000;

export interface TrackerOptions {
  /** Whether the asset has ended, by its result document. */
  readonly hasEnded: (assetId: string) => Promise<boolean>;
  /** Every step of a tracked asset. */
  readonly onStep?: ((stage: string, outcome: PipelineEvent['outcome']) => void) | undefined;
}

/** Tells when an asset is through the pipeline, whichever process does the work. */
export class AssetTracker {
  private readonly pending = new Map<string, () => void>();
  private readonly timer: NodeJS.Timeout;
  private lastNews = performance.now();

  constructor(private readonly options: TrackerOptions) {
    this.timer = setInterval(() => void this.reconcile(), QUIET_MS);
  }

  /** To be called before the asset is submitted, so that no event is missed. */
  ended(assetId: string): Promise<void> {
    return new Promise((resolve) => this.pending.set(assetId, resolve));
  }

  readonly listener = ({ stage, assetId, outcome, final }: PipelineEvent): void => {
    if (!this.pending.has(assetId)) return;
    this.lastNews = performance.now();
    this.options.onStep?.(stage, outcome);
    if (final) this.settle(assetId);
  };

  close(): void {
    clearInterval(this.timer);
    this.pending.clear();
  }

  private settle(assetId: string): void {
    this.pending.get(assetId)?.();
    this.pending.delete(assetId);
  }

  private async reconcile(): Promise<void> {
    if (performance.now() - this.lastNews < QUIET_MS) return;
    for (const assetId of [...this.pending.keys()]) {
      // A store that is away now is asked again at the next tick.
      if (await this.options.hasEnded(assetId).catch(() => false)) this.settle(assetId);
    }
  }
}
