import type { CollectionDocument, Intent } from '@facelane/contracts';
import type { AssetKey } from '@facelane/registry';
import type { AssetRemover } from './asset.remover.js';
import type { Books } from './books.js';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Documents are written after the photo was submitted, and again when its work is taken up again: only those written
 * up to this long after the limit are read, of which the time of submission then decides. A photo that was worked on
 * later than that goes when it is due by its document.
 */
const SLACK_MS = 7 * DAY_MS;

interface Facts {
  readonly submittedAt: string;
  readonly intent: Intent;
}

/** Removes the photos of collections that keep them for a time only. */
export class RetentionSweeper {
  constructor(
    private readonly books: Omit<Books, 'people'>,
    private readonly remover: AssetRemover,
  ) {}

  /**
   * Removes what was submitted more than the collection's `retentionDays` before `now`, of all tenants. Photos that
   * reference faces were taken from stay: they go with the person. Resolves to how many were removed.
   */
  async sweep(now: Date): Promise<number> {
    let removed = 0;
    for await (const tenant of this.books.collections.tenants()) {
      const limits = new Map<string, number>();
      for await (const collection of this.books.collections.list(tenant)) {
        const limit = limitOf(collection, now);
        if (limit === undefined) continue;
        limits.set(collection.id, limit);
        removed += await this.sweepCollection(collection, limit);
      }
      if (limits.size > 0) removed += await this.sweepIntake(tenant, limits);
    }
    return removed;
  }

  /** First the photos that were ingested, then those that have only ended: they failed before. */
  private async sweepCollection({ tenant, id: collection }: CollectionDocument, limit: number): Promise<number> {
    let removed = 0;
    for (const kind of ['assets', 'results'] as const) {
      for await (const { assetId, writtenAt } of this.books.assets.listed(kind, tenant, collection)) {
        if (writtenAt.getTime() >= limit + SLACK_MS) continue;
        if (await this.removeIfDue({ tenant, collection, assetId }, limit)) removed += 1;
      }
    }
    return removed;
  }

  /** Those that were accepted and never came any further. */
  private async sweepIntake(tenant: string, limits: ReadonlyMap<string, number>): Promise<number> {
    let removed = 0;
    for await (const { collection, assetId, submittedAt } of this.books.intake.list(tenant)) {
      const limit = limits.get(collection);
      if (limit === undefined || Date.parse(submittedAt) >= limit) continue;
      if (await this.removeIfDue({ tenant, collection, assetId }, limit)) removed += 1;
    }
    return removed;
  }

  private async removeIfDue(key: AssetKey, limit: number): Promise<boolean> {
    const facts = await this.factsOf(key);
    if (facts === undefined || Date.parse(facts.submittedAt) >= limit) return false;
    if (facts.intent.kind === 'enrol' && (await this.gaveReference(key))) return false;
    return (await this.remover.remove(key)).assets > 0;
  }

  private async factsOf(key: AssetKey): Promise<Facts | undefined> {
    const asset = await this.books.assets.findAsset(key);
    if (asset !== undefined) return asset;
    const intake = await this.books.intake.find(key.tenant, key.assetId);
    if (intake?.collection === key.collection) return intake;
    const result = await this.books.assets.findResult(key);
    return result && { submittedAt: result.submittedAt, intent: { kind: 'identify' } };
  }

  /** Not those that were refused or failed, and not yet those whose work has not ended. */
  private async gaveReference(key: AssetKey): Promise<boolean> {
    const result = await this.books.assets.findResult(key);
    if (result === undefined) return true;
    return result.state === 'done' && result.enrolment?.outcome === 'accepted';
  }
}

function limitOf({ retentionDays }: CollectionDocument, now: Date): number | undefined {
  return retentionDays === undefined ? undefined : now.getTime() - retentionDays * DAY_MS;
}
