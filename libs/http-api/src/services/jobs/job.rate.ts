import { type BulkJobDocument, type BulkProgressDocument, keys } from '@facelane/contracts';
import type { ObjectInfo, ObjectStore } from '@facelane/object-store';

const WINDOW_MS = 60_000;
/** Lines before the last accounted one among which the segments of the last minute are looked for. */
const LOOK_BACK = 50_000;

/**
 * Items per second over the last minute, from when the segments of the ledger were written: every process of the API
 * says the same, and knows it at once. Of a job that is slower than a segment a minute, since its start. Undefined
 * before the first segment, and for a job that does not run.
 */
export async function jobRate(
  store: Pick<ObjectStore, 'list'>,
  { tenant, id }: BulkJobDocument,
  { state, accounted, startedAt }: BulkProgressDocument,
  now: number = Date.now(),
): Promise<number | undefined> {
  if (state !== 'running' || accounted === 0 || startedAt === undefined) return undefined;
  const startAfter = keys.bulkSegment(tenant, id, Math.max(0, accounted - LOOK_BACK));
  const written: { readonly first: number; readonly at: number }[] = [];
  for await (const info of store.list(keys.bulkSegments(tenant, id), { startAfter })) {
    const first = firstLineOf(info);
    if (first <= accounted) written.push({ first, at: info.lastModified.getTime() });
  }
  const before = written.findLast(({ at }) => at < now - WINDOW_MS);
  const [oldest] = written;
  // What was written before the minute ends where the first segment of the minute begins.
  const recent = before === undefined ? oldest : written[written.indexOf(before) + 1];
  if (recent === undefined) return perSecond(accounted, now - Date.parse(startedAt));
  const since = before === undefined ? Math.max(Date.parse(startedAt), now - WINDOW_MS) : before.at;
  return perSecond(accounted - recent.first + 1, now - since);
}

const firstLineOf = ({ key }: ObjectInfo): number => Number(/(\d+)\.jsonl\.gz$/.exec(key)?.[1] ?? 0);

const perSecond = (items: number, ms: number): number => Math.round((items * 10_000) / Math.max(ms, 1)) / 10;
