import type { WebhookFilter } from './webhook.schema.js';

/** What of an event decides who is sent it. */
export interface EventFacts {
  readonly type: string;
  /** Absent: it is of no collection. */
  readonly collection?: string | undefined;
  /** Ids of those it is about. */
  readonly people: readonly string[];
  /** Highest cosine of its faces. Absent: nothing was compared. */
  readonly bestScore?: number | undefined;
  /** Whether it is about a face that nobody is known by. */
  readonly unknown: boolean;
}

/**
 * Whether the event passes every part of the filter. A part that the event says nothing of is not passed: whoever asks
 * for one collection, person or score is sent nothing beside it.
 */
export function matchesFilter(filter: WebhookFilter, event: EventFacts): boolean {
  const { collections, types, people, minScore, unknownOnly = false } = filter;
  const { type, collection, bestScore = -Infinity } = event;
  return (
    (types === undefined || types.some((wanted) => wanted === type)) &&
    (collections === undefined || (collection !== undefined && collections.includes(collection))) &&
    (people === undefined || event.people.some((id) => people.includes(id))) &&
    (minScore === undefined || bestScore >= minScore) &&
    (!unknownOnly || event.unknown)
  );
}
