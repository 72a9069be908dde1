import type { BulkJobDocument, IngestJob, LedgerEntry, ResultDocument } from '@facelane/contracts';
import { z } from 'zod';
import type { JobDependencies } from './feeder.dependencies.js';
import { type NamedItem, repeatedEntry, resultEntry } from './ledger.entries.js';

const submittedSchema = z.looseObject({ submittedAt: z.string() });

/** What the store and the belt know of an item before this feeder has done anything for it. */
export class ItemLookup {
  constructor(
    private readonly dependencies: Pick<JobDependencies, 'assets' | 'belt'>,
    private readonly job: BulkJobDocument,
  ) {}

  /**
   * How the item ended already: in this job, under an earlier line of it, or, where only new ones are worked on, at any
   * time before. Undefined: it is still to be done.
   */
  async knownEnd(named: NamedItem, job: IngestJob): Promise<LedgerEntry | undefined> {
    const result = await this.dependencies.assets.findResult(job);
    if (result === undefined) return undefined;
    if (!this.isOurs(result)) return this.job.options.onlyNew ? resultEntry(named, result) : undefined;
    const first = await this.firstLine(job, result);
    return first !== undefined && first < named.line
      ? repeatedEntry(named, job.assetId, first)
      : resultEntry(named, result);
  }

  /** The entry of an item that this job's work has ended for; undefined when no result of it is there. */
  async ownEnd(named: NamedItem, job: IngestJob): Promise<LedgerEntry | undefined> {
    const result = await this.dependencies.assets.findResult(job);
    return result !== undefined && this.isOurs(result) ? resultEntry(named, result) : undefined;
  }

  /** Takes the item off the belt if it is this job that put it there, and waits for the run that is under way. */
  async withdraw(assetId: string): Promise<void> {
    const { queues, withdrawals } = this.dependencies.belt;
    const place = await queues.locate(assetId);
    if (place === undefined || place.state === 'failed') return;
    const submitted = submittedSchema.safeParse(place.data);
    if (submitted.success && this.isOurs(submitted.data)) await withdrawals.withdraw(assetId);
  }

  /** Every item of the job is submitted under the time at which the job was made. */
  private isOurs({ submittedAt }: { readonly submittedAt: string }): boolean {
    return submittedAt === this.job.createdAt;
  }

  private async firstLine(job: IngestJob, result: ResultDocument): Promise<number | undefined> {
    const bulk = result.state === 'failed' && result.bulk !== undefined ? result.bulk : await this.namedBy(job);
    return bulk?.job === this.job.id ? bulk.line : undefined;
  }

  private async namedBy(job: IngestJob): Promise<IngestJob['bulk']> {
    return (await this.dependencies.assets.findAsset(job))?.bulk;
  }
}
