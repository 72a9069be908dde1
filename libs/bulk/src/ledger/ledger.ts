import { type BulkOutcome, keys, type LedgerEntry } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { Page } from '@facelane/registry';
import type { BulkJobKey } from '../registry/bulk-jobs.registry.js';
import { decodeSegment, SEGMENT_LINES } from './segment.codec.js';

/** Segments that one page looks through at most: 10 000 entries, so a question that hits little costs no more. */
const SEGMENTS_PER_PAGE = 20;

export interface LedgerQuery {
  readonly outcome?: BulkOutcome | undefined;
  /** Only failed entries with this error code. */
  readonly code?: string | undefined;
  /** `next` of the page before. Default: from the first line. */
  readonly after?: string | undefined;
  /** Entries at most, from 1. */
  readonly limit: number;
}

/** A segment as it lies in the store. */
export interface LedgerSegment {
  readonly key: string;
  /** Place of its first entry among all of the job, from 1. Where every line is an item, it is the line. */
  readonly first: number;
  readonly etag: string;
}

/** How every item of a job ended, in segments of consecutive items. `accounted`: items that count, from the first. */
export class Ledger {
  constructor(private readonly store: ObjectStore) {}

  /** Segments of the first `accounted` items, in order, from the one that has item `from`; nothing is read. */
  async *segments({ tenant, id }: BulkJobKey, accounted: number, from = 1): AsyncGenerator<LedgerSegment> {
    const prefix = keys.bulkSegments(tenant, id);
    // The segment that has the item begins at most a segment's length before it.
    const before = keys.bulkSegment(tenant, id, Math.max(0, from - SEGMENT_LINES));
    for await (const { key, etag } of this.store.list(prefix, { startAfter: before })) {
      const first = Number.parseInt(key.slice(prefix.length), 10);
      // What lies behind was filed, but its feeder did not live to count it.
      if (first > accounted) return;
      yield { key, first, etag };
    }
  }

  /** The first `accounted` entries in their order, from item `from`; one segment is held at a time. */
  async *entries(job: BulkJobKey, accounted: number, from = 1): AsyncGenerator<LedgerEntry> {
    for await (const { key, first } of this.segments(job, accounted, from)) {
      const entries = await this.read(key);
      yield* entries.slice(Math.max(0, from - first), accounted - first + 1);
    }
  }

  /** Entries that fit, in their order. A page may be short, or empty, and still have a `next`. */
  async page(
    job: BulkJobKey,
    accounted: number,
    { outcome, code, after, limit }: LedgerQuery,
  ): Promise<Page<LedgerEntry>> {
    const items: LedgerEntry[] = [];
    let next = placeAfter(after);
    let looked = 0;
    for await (const { key, first } of this.segments(job, accounted, next)) {
      if (looked === SEGMENTS_PER_PAGE) return { items, next: String(next - 1) };
      const entries = (await this.read(key)).slice(next - first, accounted - first + 1);
      // One that ends before `next` was listed because its length is not known from its name.
      if (entries.length > 0) looked += 1;
      for (const entry of entries) {
        if (items.length === limit) return { items, next: String(next - 1) };
        next += 1;
        if (fits(entry, outcome, code)) items.push(entry);
      }
    }
    return { items };
  }

  private async read(key: string): Promise<LedgerEntry[]> {
    return decodeSegment(key, (await this.store.get(key)).body);
  }
}

function fits(entry: LedgerEntry, outcome: BulkOutcome | undefined, code: string | undefined): boolean {
  if (outcome !== undefined && entry.outcome !== outcome) return false;
  return code === undefined || entry.failure?.code === code;
}

/** The cursor is the place of the last entry that was looked at; one that is none of ours starts from the beginning. */
function placeAfter(cursor: string | undefined): number {
  return cursor !== undefined && /^\d{1,12}$/.test(cursor) ? Number(cursor) + 1 : 1;
}
