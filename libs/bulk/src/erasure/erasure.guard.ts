import { type BulkJobDocument, keys, type LedgerEntry } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { type IsErased, namesAny, withoutPeople } from '../ledger/entry.people.js';
import type { SegmentWriter } from '../ledger/segment.writer.js';
import { digestOf, ErasedMarks } from './erased.marks.js';

/**
 * Keeps erased people out of the ledger of a job that runs: how an item ended may have been read before the erasure,
 * and be written after it.
 *
 * An erasure leaves its marks first and then looks through the ledger; a feeder writes first and then looks for marks.
 * Listings see every write that is over (Amazon says so of S3 since 2020, and a folder does it), so one of the two sees
 * what the other did.
 */
export class ErasureGuard {
  private readonly marks: ErasedMarks;
  private digests: ReadonlySet<string> = new Set();

  constructor(
    private readonly store: ObjectStore,
    private readonly segments: Pick<SegmentWriter, 'takeOut'>,
    private readonly job: BulkJobDocument,
  ) {
    this.marks = new ErasedMarks(store);
  }

  /** The entries without those who are known to be erased. */
  without(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
    return entries.map((entry) => withoutPeople(entry, this.isErased));
  }

  /** To be called after the segment with these entries was written, before it counts. */
  async recheck(first: number, written: readonly LedgerEntry[]): Promise<void> {
    await this.look();
    if (written.some((entry) => namesAny(entry, this.isErased))) await this.takeOut(first);
  }

  /**
   * To be called when the job was taken over: whoever had it may have died before he looked for marks. That leaves at
   * most the segment that nobody counted, and a results file, which the end of the job writes again.
   */
  async takeOver(first: number): Promise<void> {
    await this.look();
    if (this.digests.size === 0) return;
    await this.takeOut(first);
    await this.store.delete(keys.bulkResults(this.job.tenant, this.job.id));
  }

  private readonly isErased: IsErased = (personId) =>
    this.digests.size > 0 && this.digests.has(digestOf(this.job, personId));

  private async look(): Promise<void> {
    this.digests = await this.marks.find(this.job);
  }

  private async takeOut(first: number): Promise<void> {
    await this.segments.takeOut(keys.bulkSegment(this.job.tenant, this.job.id, first), this.isErased);
  }
}
