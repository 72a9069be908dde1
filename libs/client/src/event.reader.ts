import type { delay } from './delay.js';
import type { FacelaneEvent } from './generated/events.gen.js';
import type { EventType } from './generated/types.gen.js';
import { untilAnswered } from './reconnect.policy.js';

/** Events of these types; `type` tells which. */
export type EventOf<T extends EventType> = Extract<FacelaneEvent, { readonly type: T }>;

/** An event with its place in the log: reading `after` its cursor goes on behind it. */
export type FeedEvent<T extends EventType = EventType> = EventOf<T> & { readonly cursor: string };

export interface FeedPage<T extends EventType = EventType> {
  readonly events: readonly FeedEvent<T>[];
  /** Where to go on, also behind a page without events. */
  readonly next: string;
  /** Whether the log ended here. */
  readonly end: boolean;
}

/** Where pages come from. */
export interface FeedSource<T extends EventType> {
  /** The page after a cursor; waits for a while when there is nothing yet. */
  readonly read: (after: string | undefined) => Promise<FeedPage<T>>;
  /** Keeps how far it was read. */
  readonly commit?: (cursor: string) => Promise<unknown>;
}

/**
 * Every event, as they come, for ever. A page is committed when the event behind it is asked for, so that what was not
 * worked on to its end comes again.
 *
 * @throws FacelaneProblem, of code EVENTS.CURSOR_EXPIRED when events were dropped before they were read;
 *   FacelaneUnreachable when it goes on failing; the signal's reason when it aborts
 */
export async function* readEvents<T extends EventType>(
  source: FeedSource<T>,
  start: string | undefined,
  signal: AbortSignal | undefined,
  wait?: typeof delay,
): AsyncGenerator<FeedEvent<T>, void> {
  for (let at = start; ;) {
    signal?.throwIfAborted();
    const { events, next } = await untilAnswered(() => source.read(at), signal, wait);
    yield* events;
    if (next !== at) await untilAnswered(async () => source.commit?.(next), signal, wait);
    at = next;
  }
}
