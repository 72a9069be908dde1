import { type MatchJob, PIPELINE, type RebindJob, uuidV5 } from '@facelane/contracts';
import { AssetBelt, type PersonChange } from '@facelane/gallery';
import type { Belts } from './belts.js';

/** Jobs added in one round trip. */
const CHUNK = 500;

/** After this long no match run is under way that began before now: its timeout, and time to write that it ended. */
const AFTER_EVERY_MATCH_MS = PIPELINE.stages.match.timeoutMs + 30_000;

/** The gallery's work on the queues, behind everything that somebody waits for. */
export class QueuedAssetBelt extends AssetBelt {
  constructor(private readonly belts: Pick<Belts, 'all' | 'pipeline' | 'upkeep'>) {
    super();
  }

  override async rematch(jobs: readonly MatchJob[]): Promise<void> {
    for (let start = 0; start < jobs.length; start += CHUNK) {
      const chunk = jobs.slice(start, start + CHUNK);
      await this.belts.pipeline.queues.add(
        'match',
        chunk.map((job) => ({ ...job, lane: 'bulk' as const })),
      );
    }
  }

  override async rebind(change: PersonChange): Promise<void> {
    await this.belts.upkeep.queues.add('rebind', [rebindJobOf(change, 'first')]);
    await this.belts.upkeep.queues.add('rebind', [rebindJobOf(change, 'second')], { delayMs: AFTER_EVERY_MATCH_MS });
  }

  override async settled(): Promise<void> {
    await this.belts.pipeline.settled('match');
  }

  override async withdraw(assetId: string): Promise<number> {
    return this.belts.pipeline.withdrawals.withdraw(assetId);
  }

  override async withdrawWhere(concerns: (data: unknown) => boolean): Promise<number> {
    let removed = 0;
    for (const { withdrawals } of this.belts.all) removed += await withdrawals.withdrawWhere(concerns);
    return removed;
  }

  override async purge(): Promise<boolean> {
    return this.belts.pipeline.rewriteLog();
  }
}

/** The id follows from the change, so the same change is one job per pass however often it is asked for. */
function rebindJobOf(
  { tenant, collection, contract, personId, change }: PersonChange,
  pass: 'first' | 'second',
): RebindJob {
  const assetId = uuidV5('rebind', tenant, collection, contract, personId, change, pass);
  return { tenant, collection, contract, personId, assetId, lane: 'bulk' };
}
