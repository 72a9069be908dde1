import { type BulkProgressDocument, keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { Exclusion } from '@facelane/registry';
import { Ledger } from '../ledger/ledger.js';
import { writeResults } from '../ledger/results.file.js';
import { SegmentWriter } from '../ledger/segment.writer.js';
import { type BulkJobKey, type BulkJobsRegistry, hasEnded } from '../registry/bulk-jobs.registry.js';
import { ErasedMarks } from './erased.marks.js';
import { resultsName } from './results.names.js';

/** Jobs whose documents are read at a time. */
const PAGE = 50;

/**
 * Takes erased people out of the accounts of bulk jobs: the ledger, and the results file that was made of it. The lines
 * stay, since they are about photos; who was found in them goes.
 *
 * Jobs that have not ended get a mark first, so that whoever feeds them does not write afterwards what he had in hand
 * while this ran (`ErasureGuard`). To be called once the results of the collection's photos name the people no more:
 * what is read of them from then on needs no mark.
 */
export class LedgerEraser {
  private readonly ledger: Ledger;
  private readonly segments: SegmentWriter;
  private readonly marks: ErasedMarks;

  constructor(
    private readonly store: ObjectStore,
    exclusion: Exclusion,
    private readonly jobs: Pick<BulkJobsRegistry, 'page' | 'findProgress'>,
  ) {
    this.ledger = new Ledger(store);
    this.segments = new SegmentWriter(store, exclusion);
    this.marks = new ErasedMarks(store);
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
    if (await this.runs(job)) await this.marks.put(job, people);
    // The ledger first: a results file that is being written of it meanwhile is checked against it afterwards.
    const changed = (await this.eraseSegments(job, people)) + (await this.eraseResults(job, people));
    // Who ended the job took the marks away, but those may have come after that.
    if (!(await this.runs(job))) await this.marks.clear(job);
    return changed;
  }

  private async eraseSegments(job: BulkJobKey, people: ReadonlySet<string>): Promise<number> {
    let changed = 0;
    for await (const { key } of this.store.list(keys.bulkSegments(job.tenant, job.id))) {
      if (await this.segments.takeOut(key, (personId) => people.has(personId))) changed += 1;
    }
    return changed;
  }

  private async eraseResults(job: BulkJobKey, people: ReadonlySet<string>): Promise<number> {
    if (!(await resultsName(this.store, job, people))) return 0;
    await writeResults(this.store, this.ledger, job, () => this.progressOf(job));
    return 1;
  }

  private async runs(job: BulkJobKey): Promise<boolean> {
    return !hasEnded(await this.progressOf(job));
  }

  /** Jobs are never removed, so one that was listed has this. */
  private async progressOf(job: BulkJobKey): Promise<BulkProgressDocument> {
    return (await this.jobs.findProgress(job))!;
  }
}
