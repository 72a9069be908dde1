import { type BulkJobDocument, type BulkProgressDocument, keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';

const WINDOW_MS = 60_000;
/** Lines before the last accounted one among which the segments of the last minute are looked for. */
const LOOK_BACK = 50_000;

/** Of a mark, the time it was reached. */
interface Mark {
  readonly line: number;
  readonly at: number;
}

/**
 * Items per second over the last minute, from when the segments of the ledger were written: every process of the API
 * says the same, and knows it at once. Undefined before the first segment, and for a job that does not run.
 */
export async function jobRate(
  store: Pick<ObjectStore, 'list'>,
  { tenant, id }: BulkJobDocument,
  { state, accounted, startedAt }: BulkProgressDocument,
  now: number = Date.now(),
): Promise<number | undefined> {
  if (state !== 'running' || accounted === 0 || startedAt === undefined) return undefined;
  const prefix = keys.bulkSegments(tenant, id);
  const startAfter = keys.bulkSegment(tenant, id, Math.max(0, accounted - LOOK_BACK));
  const written: { readonly first: number; readonly at: number }[] = [];
  for await (const { key, lastModified } of store.list(prefix, { startAfter })) {
    const first = Number.parseInt(key.slice(prefix.length), 10);
    if (first <= accounted) written.push({ first, at: lastModified.getTime() });
  }
  // A segment ends where the next one begins.
  const marks = written.map(({ at }, n): Mark => ({ line: (written[n + 1]?.first ?? accounted + 1) - 1, at }));
  if (written[0]?.first === 1) marks.unshift({ line: 0, at: Date.parse(startedAt) });
  const since = beginning(marks, now);
  return since && perSecond(accounted - since.line, now - since.at);
}

/** The last mark before the minute; when it lies long before, as that of a pause does, the first one within. */
function beginning(marks: readonly Mark[], now: number): Mark | undefined {
  const within = marks.filter(({ at }) => at >= now - WINDOW_MS);
  const before = marks.findLast(({ at }) => at < now - WINDOW_MS);
  const isNear = before !== undefined && (within.length < 2 || before.at >= now - 2 * WINDOW_MS);
  return isNear ? before : within[0];
}

const perSecond = (items: number, ms: number): number => Math.round((items * 10_000) / Math.max(ms, 1)) / 10;
