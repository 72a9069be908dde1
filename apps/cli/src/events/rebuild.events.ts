import { eventsOfResult, type FacelaneEvent } from '@facelane/contracts';
import type { EventLog, LogEvent } from '@facelane/queue';
import { type AssetKey, type AssetsRegistry, chunked } from '@facelane/registry';
import { type ResultsQuery, resultsSince } from './results.since.js';

export interface Rebuilt {
  readonly results: number;
  /** Events that were not in the log. */
  readonly added: number;
  /** Events that were. */
  readonly known: number;
  /** Results that are older than the newest as many as the log keeps events. */
  readonly left: number;
}

/** Results read at once. */
const AT_ONCE = 16;
/** Events appended at once; Redis does nothing else meanwhile. */
const BATCH = 200;

/**
 * Makes the events of results again and appends them in the order in which the photos ended. Ids follow from the facts,
 * so those that the log has stay where they are. Of a face whose decision has changed since it is told how it is now;
 * changes, people and bulk jobs have no results, and are not told of.
 */
export async function rebuildEvents(
  assets: Pick<AssetsRegistry, 'listed' | 'findResult' | 'findAsset'>,
  log: Pick<EventLog, 'append'>,
  query: ResultsQuery,
  signal: AbortSignal,
): Promise<Rebuilt> {
  const { ended, left } = await resultsSince(assets, query, signal);
  let [added, made] = [0, 0];
  for await (const some of chunked(ended, AT_ONCE)) {
    signal.throwIfAborted();
    const events = (await Promise.all(some.map((asset) => eventsOf(assets, asset)))).flat();
    for await (const batch of chunked(events.map(logEvent), BATCH)) {
      added += (await log.append(query.tenant, batch)).length;
    }
    made += events.length;
  }
  return { results: ended.length, added, known: made - added, left };
}

/** None of one that was erased meanwhile. */
async function eventsOf(
  assets: Pick<AssetsRegistry, 'findResult' | 'findAsset'>,
  asset: AssetKey,
): Promise<FacelaneEvent[]> {
  const [result, document] = await Promise.all([assets.findResult(asset), assets.findAsset(asset)]);
  return result === undefined ? [] : eventsOfResult(result, document);
}

const logEvent = (event: FacelaneEvent): LogEvent => ({
  ...{ id: event.id, type: event.type, body: JSON.stringify(event) },
  ...(event.collection !== undefined && { collection: event.collection }),
});
