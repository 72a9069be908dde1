import { type BulkJobDocument, type IngestJob, ingestJobSchema, type LedgerEntry } from '@facelane/contracts';
import { AssetOutcomes, AssetTracker } from '@facelane/submission';
import type { BulkPhoto, SourceItem } from '../source/source.item.js';
import type { JobDependencies } from './feeder.dependencies.js';
import { ItemLookup } from './item.lookup.js';
import {
  brokenEntry,
  cancelledEntry,
  type NamedItem,
  refusedEntry,
  repeatedEntry,
  resultEntry,
} from './ledger.entries.js';
import type { OpenItem, OpenItems } from './open.items.js';
import { SeenAssets } from './seen.assets.js';

/** Redis may be lost, and somebody else's job may be in the way, so often while one item is on the belt. */
const MAX_RESUBMISSIONS = 20;

/** Items that are withdrawn at a time. */
const WITHDRAWN_AT_ONCE = 16;

export interface DeskOptions {
  readonly quietMs: number;
  /** The job was begun before: any item may have been met then. */
  readonly begunBefore: boolean;
  /** After every end of an item. */
  readonly onEnd: () => void;
}

/** What is to become of items. */
export interface Deal {
  readonly kind: 'submit' | 'cancel';
  /** Whoever had the job before may have put them on the belt. */
  readonly met: boolean;
}

interface Flight {
  readonly named: NamedItem;
  readonly job: IngestJob;
  readonly open: OpenItem;
}

/** Puts the items of a job on the belt and notes how each ends. */
export class ItemDesk {
  private readonly flights = new Map<string, Flight>();
  private readonly seen = new SeenAssets();
  private readonly lookup: ItemLookup;
  private readonly outcomes: AssetOutcomes;
  private readonly tracker: AssetTracker;
  private listening: { close(): Promise<void> } | undefined;

  constructor(
    private readonly dependencies: JobDependencies,
    private readonly job: BulkJobDocument,
    private readonly open: OpenItems,
    private readonly options: DeskOptions,
  ) {
    const { submitter, assets } = dependencies;
    this.lookup = new ItemLookup(dependencies, job);
    this.outcomes = new AssetOutcomes({ submitter, assets, maxResubmissions: MAX_RESUBMISSIONS });
    this.tracker = new AssetTracker({
      quietMs: options.quietMs,
      check: (assetId, outcome) => this.outcomes.check(assetId, outcome),
    });
  }

  /** To be called first: ends are heard of from now on. */
  async listen(): Promise<void> {
    this.listening = await this.dependencies.events.listen(this.tracker.listener);
  }

  /** Items on the belt. */
  get inFlight(): number {
    return this.flights.size;
  }

  /** Takes items in the order of the source. Resolves when each is on the belt or has ended. */
  async accept(items: readonly SourceItem[], deal: Deal): Promise<void> {
    const taken = items.map((item) => this.take(item)).filter((flight) => flight !== undefined);
    const fresh = await Promise.all(taken.map(async (flight) => !(await this.isKnown(flight, deal))));
    const flights = taken.filter((_, at) => fresh[at]);
    if (deal.kind === 'cancel') await Promise.all(flights.map((flight) => this.cancel(flight, deal.met)));
    else await this.submit(flights, deal.met);
  }

  /** Withdraws what is on the belt; what runs is waited for and counts as it ends. */
  async cancelAll(): Promise<void> {
    const flights = [...this.flights.values()];
    for (const { job } of flights) this.forget(job.assetId);
    for (let at = 0; at < flights.length; at += WITHDRAWN_AT_ONCE) {
      await Promise.all(flights.slice(at, at + WITHDRAWN_AT_ONCE).map((flight) => this.cancel(flight, true)));
    }
  }

  async close(): Promise<void> {
    this.tracker.close();
    for (const assetId of this.flights.keys()) this.outcomes.forget(assetId);
    await this.listening?.close();
  }

  /** Opens the item. Undefined when that alone says how it ends. In the order of the source: the first line wins. */
  private take(item: SourceItem): Flight | undefined {
    const open = this.open.open(item.cursor);
    if ('broken' in item) {
      open.entry = brokenEntry(item.line, item.broken);
      return undefined;
    }
    const named = { line: item.line, item: item.item };
    const job = this.jobOf(named.item, item.line);
    const checked = ingestJobSchema.safeParse(job);
    const first = this.flights.get(job.assetId);
    if (first !== undefined) open.entry = repeatedEntry(named, job.assetId, first.named.line);
    else if (!checked.success) {
      open.entry = refusedEntry(
        named,
        'QUEUE.JOB_INVALID',
        `The item does not fit: ${checked.error.issues[0]!.message}`,
      );
    } else {
      const flight = { named, job, open };
      this.flights.set(job.assetId, flight);
      return flight;
    }
    return undefined;
  }

  private jobOf({ source, externalId, tags = [] }: BulkPhoto, line: number): IngestJob {
    const { tenant, collection, contract, createdAt, id } = this.job;
    const { options } = this.job;
    const all = [...new Set([...(options.tags ?? []), ...tags])];
    const photo = {
      source,
      bulk: { job: id, line },
      ...(externalId !== undefined && { externalId }),
      ...(all.length > 0 && { tags: all }),
      // A million photos are not a million events, unless somebody asked for them.
      ...(options.notify !== 'each' && { quiet: true as const }),
    };
    const [job] = this.dependencies.submitter.prepare(
      { tenant, collection, contract, lane: 'bulk' },
      [photo],
      createdAt,
    );
    return job!;
  }

  private async isKnown(flight: Flight, { kind, met }: Deal): Promise<boolean> {
    const seen = this.seen.add(flight.job.assetId);
    const asks = met || (kind === 'submit' && (seen || this.options.begunBefore || this.job.options.onlyNew));
    const entry = asks ? await this.lookup.knownEnd(flight.named, flight.job) : undefined;
    if (entry !== undefined) this.end(flight, entry);
    return entry !== undefined;
  }

  private async submit(flights: readonly Flight[], met: boolean): Promise<void> {
    for (const { job } of flights) this.follow(job);
    // Those that were met before may be on the belt already, anywhere: looking at one puts it there if it is not.
    if (met) await Promise.all(flights.map(({ job }) => this.tracker.look(job.assetId)));
    else if (flights.length > 0) await this.dependencies.submitter.submit(flights.map(({ job }) => job));
  }

  private follow(job: IngestJob): void {
    this.outcomes.track(job);
    void this.tracker.ended(job.assetId).then(() => this.land(job.assetId));
  }

  private land(assetId: string): void {
    const flight = this.flights.get(assetId)!;
    this.end(flight, resultEntry(flight.named, this.outcomes.take(assetId).result));
  }

  private async cancel(flight: Flight, met: boolean): Promise<void> {
    const { named, job } = flight;
    if (met) await this.lookup.withdraw(job.assetId);
    const entry = met ? await this.lookup.ownEnd(named, job) : undefined;
    this.end(flight, entry ?? cancelledEntry(named, job.assetId));
  }

  private end({ job, open }: Flight, entry: LedgerEntry): void {
    open.entry = entry;
    this.flights.delete(job.assetId);
    this.options.onEnd();
  }

  private forget(assetId: string): void {
    this.tracker.forget(assetId);
    this.outcomes.forget(assetId);
  }
}
