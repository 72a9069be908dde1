import { type BulkJobDocument, type BulkProgressDocument, type LedgerEntry, StageError } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { DocumentStore, EventOutbox } from '@facelane/registry';
import { type BulkSummary, writeSummary } from '../ledger/bulk.summary.js';
import { ErasureGuard } from '../erasure/erasure.guard.js';
import type { Ledger } from '../ledger/ledger.js';
import { writeResults } from '../ledger/results.file.js';
import { SEGMENT_LINES } from '../ledger/segment.codec.js';
import type { SegmentWriter } from '../ledger/segment.writer.js';
import type { BulkJobsRegistry } from '../registry/bulk-jobs.registry.js';
import { JobTeller, tellEnd } from './job.teller.js';
import { OpenItems } from './open.items.js';

export interface AccountDependencies {
  readonly store: ObjectStore;
  readonly documents: DocumentStore;
  readonly jobs: Pick<BulkJobsRegistry, 'findProgress' | 'writeProgress' | 'unmark'>;
  readonly ledger: Ledger;
  readonly segments: Pick<SegmentWriter, 'write' | 'takeOut'>;
  readonly outbox: Pick<EventOutbox, 'append'>;
}

/**
 * The accounts of one job as the feeder that holds it keeps them: a segment of the ledger first, then the progress that
 * counts it. Whoever dies in between has filed a segment that nobody counts, and the next one files it again.
 *
 * Every write is refused with QUEUE.LEASE_LOST once another feeder has begun with a higher fence.
 */
export class JobAccount {
  readonly open = new OpenItems();
  private readonly guard: ErasureGuard;
  private readonly teller: JobTeller;

  constructor(
    private readonly dependencies: AccountDependencies,
    private readonly job: BulkJobDocument,
    private progress: BulkProgressDocument,
    private readonly fence: number,
  ) {
    this.teller = new JobTeller(dependencies.outbox, job);
    this.guard = new ErasureGuard(dependencies.store, dependencies.segments, job);
  }

  get accounted(): number {
    return this.progress.accounted;
  }

  /** Takes the job over: from here on, whoever had it before writes nothing. */
  async begin(): Promise<void> {
    const wasPaused = this.progress.state === 'paused';
    await this.advance({ state: 'running', startedAt: this.progress.startedAt ?? new Date().toISOString() });
    await this.guard.takeOver(this.accounted + 1);
    if (wasPaused) await this.teller.turn(this.progress);
  }

  /** Accounts for whole segments of items that have ended; `all`: also for a short one. */
  async settle(all: boolean): Promise<void> {
    while (this.open.ended >= SEGMENT_LINES || (all && this.open.ended > 0)) {
      const { entries, cursor } = this.open.take(SEGMENT_LINES);
      await this.file(entries);
      await this.advance({ cursor, accounted: this.accounted + entries.length, ...tally(this.progress, entries) });
      await this.teller.step(this.progress);
    }
  }

  async pause(): Promise<void> {
    await this.advance({ state: 'paused' });
    await this.teller.turn(this.progress);
  }

  /** The results file and the summary, and then the end: whoever sees the end finds both. Then it is told. */
  async end(state: BulkSummary['state'], failure?: BulkProgressDocument['failure']): Promise<void> {
    const { store, documents, ledger } = this.dependencies;
    const endedAt = new Date().toISOString();
    const ended = { ...this.progress, state, endedAt, ...(failure !== undefined && { failure }) };
    const results = await writeResults(store, ledger, this.job, async () => (await this.stored()) ?? ended);
    await writeSummary(documents, this.job, ended, results);
    await this.advance({ state, endedAt, ...(failure !== undefined && { failure }) });
    await tellEnd(this.dependencies, this.job, this.progress);
  }

  private async file(entries: readonly LedgerEntry[]): Promise<void> {
    const first = this.accounted + 1;
    const written = this.guard.without(entries);
    await this.dependencies.segments.write(this.job, first, written, () => this.isOurs());
    await this.guard.recheck(first, written);
  }

  private async advance(change: Partial<BulkProgressDocument>): Promise<void> {
    const next = { ...this.progress, ...change, fence: this.fence, updatedAt: new Date().toISOString() };
    if (!(await this.dependencies.jobs.writeProgress(this.job, next))) {
      throw new StageError('QUEUE.LEASE_LOST', `Job ${this.job.id} was taken over by another feeder.`);
    }
    this.progress = next;
  }

  private async isOurs(): Promise<boolean> {
    return (await this.stored())?.fence === this.fence;
  }

  /** Not what this feeder knows: another one may have come further. */
  private async stored(): Promise<BulkProgressDocument | undefined> {
    return this.dependencies.jobs.findProgress(this.job);
  }
}

function tally(
  { counts, failures }: BulkProgressDocument,
  entries: readonly LedgerEntry[],
): Pick<BulkProgressDocument, 'counts' | 'failures'> {
  const next = { counts: { ...counts }, failures: { ...failures } };
  for (const { outcome, failure } of entries) {
    next.counts[outcome] += 1;
    if (failure !== undefined) next.failures[failure.code] = (next.failures[failure.code] ?? 0) + 1;
  }
  return next;
}
