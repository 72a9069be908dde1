import type { z } from 'zod';
import { EVENT_SCHEMAS, type EventOf } from '../event.schema.js';
import { eventIdOf } from '../event-id.js';
import { EVENTS, type EventType } from '../events.js';

interface Fact<T extends EventType> {
  readonly tenant: string;
  readonly collection?: string;
  /** What keeps it apart from every other fact of the type in the collection. */
  readonly facts: readonly string[];
  readonly timestamp: string;
  readonly data: z.input<(typeof EVENTS)[T]['data']>;
}

/**
 * The event of a fact: nothing comes from the clock or by chance, so the same fact gives the same bytes.
 * @throws ZodError when the data does not fit the type
 */
export function makeEvent<T extends EventType>(type: T, fact: Fact<T>): EventOf<T> {
  const { tenant, collection, facts, timestamp, data } = fact;
  return EVENT_SCHEMAS[type].parse({
    id: eventIdOf(type, tenant, collection ?? '', ...facts),
    type,
    version: EVENTS[type].version,
    timestamp,
    tenant,
    ...(collection !== undefined && { collection }),
    data,
  });
}
