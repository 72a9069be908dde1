import type { Ledger, LedgerQuery } from '@facelane/bulk';
import type { LedgerEntry } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { z } from 'zod';
import { cursorAfter, readCursor } from '../cursor.js';
import type { WatchedJob } from './job.watch.js';

export type ItemFilter = Omit<LedgerQuery, 'after'> & { readonly cursor?: string | undefined };
type Accounted = Pick<WatchedJob, 'job' | 'progress'>;

const LIST = 'job-items';
const lineSchema = z.string().regex(/^\d{1,12}$/);

/** A page of the items of a job, by line. @throws ProblemError API.REQUEST_INVALID for a cursor of another list. */
export async function jobItems(
  ledger: Pick<Ledger, 'page'>,
  { job, progress }: Accounted,
  { cursor, ...filter }: ItemFilter,
): Promise<{ readonly items: readonly LedgerEntry[]; readonly next?: string }> {
  const after = readCursor(cursor, LIST, lineSchema);
  const { items, next } = await ledger.page(job, progress.accounted, { ...filter, after });
  return { items, ...(next !== undefined && { next: cursorAfter(LIST, next) }) };
}

/** Every item that is accounted for as one gzip file: its members (RFC 1952, section 2.2) are the segments as they lie. */
export async function* jobResults(
  store: Pick<ObjectStore, 'get'>,
  ledger: Pick<Ledger, 'segments'>,
  { job, progress }: Accounted,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const { key } of ledger.segments(job, progress.accounted)) yield (await store.get(key, { signal })).body;
}
