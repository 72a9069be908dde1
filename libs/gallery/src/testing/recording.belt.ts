import type { MatchJob } from '@facelane/contracts';
import { AssetBelt, type PersonChange } from '../asset-belt.port.js';

/** Keeps what it is given until somebody works on it. */
export class RecordingBelt extends AssetBelt {
  readonly matches = new Map<string, MatchJob>();
  readonly rebinds: PersonChange[] = [];
  /** Jobs of other stages, by asset. */
  readonly others = new Map<string, unknown>();
  readonly withdrawn: string[] = [];
  /** Match runs that are under way: each ends when somebody waits for it. */
  readonly underWay: (() => Promise<void>)[] = [];

  purges = 0;

  override rematch(jobs: readonly MatchJob[]): Promise<void> {
    for (const job of jobs) this.matches.set(job.assetId, job);
    return Promise.resolve();
  }

  override rebind(change: PersonChange): Promise<void> {
    this.rebinds.push(change);
    return Promise.resolve();
  }

  override async settled(): Promise<void> {
    for (const end of this.underWay.splice(0)) await end();
  }

  override withdraw(assetId: string): Promise<number> {
    this.withdrawn.push(assetId);
    const found = [this.matches.delete(assetId), this.others.delete(assetId)];
    return Promise.resolve(found.filter(Boolean).length);
  }

  override async withdrawWhere(concerns: (data: unknown) => boolean): Promise<number> {
    let removed = 0;
    for (const jobs of [this.matches, this.others]) {
      for (const [assetId, job] of jobs) if (concerns(job)) removed += await this.withdraw(assetId);
    }
    const left = this.rebinds.filter((change) => !concerns(change));
    removed += this.rebinds.length - left.length;
    this.rebinds.splice(0, this.rebinds.length, ...left);
    return removed;
  }

  override purge(): Promise<boolean> {
    this.purges += 1;
    return Promise.resolve(true);
  }
}
