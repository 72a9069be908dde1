import type { FacelaneEvent } from '@facelane/contracts';
import type { EventLog, LogEvent } from '@facelane/queue';
import { chunked } from '@facelane/registry';
import { MomentEvents } from './moment.events.js';
import { type Moment, NewestMoments } from './newest.moments.js';
import { type Books, type MomentsQuery, toldMoments } from './told.moments.js';

export interface Rebuilt {
  readonly results: number;
  /** Last changes of results. */
  readonly changes: number;
  readonly enrolments: number;
  /** Bulk jobs that ended. */
  readonly jobs: number;
  /** Events that were not in the log. */
  readonly added: number;
  /** Events that were. */
  readonly known: number;
  /** What happened before the newest as many as the log keeps events. */
  readonly left: number;
}

export interface RebuildQuery extends MomentsQuery {
  /** Results, changes, enrolments and jobs together. */
  readonly most: number;
}

/** Documents read at once. */
const AT_ONCE = 16;
/** Events appended at once; Redis does nothing else meanwhile. */
const BATCH = 200;

/**
 * Makes the events again of which documents tell, and appends them in the order in which things happened. Ids follow
 * from the facts, so those that the log has stay where they are. Of changes the last one of each photo is known; that a
 * job came further, and who was erased, is written nowhere.
 */
export async function rebuildEvents(
  books: Books,
  log: Pick<EventLog, 'append'>,
  query: RebuildQuery,
  signal: AbortSignal,
): Promise<Rebuilt> {
  const newest = new NewestMoments(query.most);
  for await (const moment of toldMoments(books, query, signal)) newest.add(moment);
  const { moments, left } = newest.take();
  const events = new MomentEvents(books, query.since);
  let [added, made] = [0, 0];
  for await (const some of chunked(moments, AT_ONCE)) {
    signal.throwIfAborted();
    const told = (await Promise.all(some.map((moment) => events.of(moment)))).flat();
    for await (const batch of chunked(told.map(logEvent), BATCH)) {
      added += (await log.append(query.tenant, batch)).length;
    }
    made += told.length;
  }
  const count = (kind: Moment['kind']): number => moments.filter((moment) => moment.kind === kind).length;
  return {
    ...{ results: count('end'), changes: count('change'), enrolments: count('enrolment'), jobs: count('job') },
    ...{ added, known: made - added, left },
  };
}

const logEvent = (event: FacelaneEvent): LogEvent => ({
  ...{ id: event.id, type: event.type, body: JSON.stringify(event) },
  ...(event.collection !== undefined && { collection: event.collection }),
});
