import { keys, type LedgerEntry } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { Ledger } from '../ledger/ledger.js';
import { writeResults } from '../ledger/results.file.js';
import { decodeSegment, encodeSegment } from '../ledger/segment.codec.js';
import type { BulkJobKey, BulkJobsRegistry } from '../registry/bulk-jobs.registry.js';

/** Jobs whose documents are read at a time. */
const PAGE = 50;

/**
 * Takes erased people out of the accounts of bulk jobs: the ledger, and the results file that was made of it. The lines
 * stay, since they are about photos; who was found in them goes.
 *
 * What a feeder has in hand while this runs, at most ten seconds of outcomes, it may still write.
 */
export class LedgerEraser {
  private readonly ledger: Ledger;

  constructor(
    private readonly store: ObjectStore,
    private readonly jobs: Pick<BulkJobsRegistry, 'page' | 'findProgress'>,
  ) {
    this.ledger = new Ledger(store);
  }

  /** Resolves to how many objects named one of the people, by id. */
  async erase(
    { tenant, collection }: { readonly tenant: string; readonly collection: string },
    people: ReadonlySet<string>,
  ): Promise<number> {
    let changed = 0;
    for (let after: string | undefined; ;) {
      const { items, next } = await this.jobs.page(tenant, { after, limit: PAGE });
      for (const job of items) if (job.collection === collection) changed += await this.eraseFrom(job, people);
      if (next === undefined) return changed;
      after = next;
    }
  }

  private async eraseFrom(job: BulkJobKey, people: ReadonlySet<string>): Promise<number> {
    let changed = 0;
    for await (const { key } of this.store.list(keys.bulkSegments(job.tenant, job.id))) {
      const entries = await decodeSegment(key, (await this.store.get(key)).body);
      if (!entries.some((entry) => names(entry, people))) continue;
      const body = await encodeSegment(entries.map((entry) => without(entry, people)));
      await this.store.put(key, body, { contentType: 'application/gzip' });
      changed += 1;
    }
    const progress = changed === 0 ? undefined : await this.jobs.findProgress(job);
    const results = keys.bulkResults(job.tenant, job.id);
    if (progress === undefined || (await this.store.head(results)) === undefined) return changed;
    await writeResults(this.store, this.ledger, job, progress);
    return changed + 1;
  }
}

const names = ({ faces }: LedgerEntry, people: ReadonlySet<string>): boolean =>
  faces?.some(({ personId }) => personId !== undefined && people.has(personId)) === true;

function without(entry: LedgerEntry, people: ReadonlySet<string>): LedgerEntry {
  if (entry.faces === undefined) return entry;
  const faces = entry.faces.map((face) =>
    face.personId !== undefined && people.has(face.personId) ? { decision: 'none' as const } : face,
  );
  return { ...entry, faces };
}
