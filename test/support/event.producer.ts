import { randomUUID } from 'node:crypto';
import { type EventType, exampleEvent, PIPELINE } from '@facelane/contracts';
import { type EventLogOptions, PipelineBelt } from '@facelane/queue';

export interface EventProducer {
  /** Appends one event of each type, in this order; resolves to their ids. */
  append(types: readonly EventType[], tenant?: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Appends to the logs of a Redis, as the product does. */
export async function eventProducer(url: string, events: EventLogOptions = {}): Promise<EventProducer> {
  const belt = await PipelineBelt.open(PIPELINE, 'producer', { url, events, onError: () => undefined });
  return {
    append: async (types, tenant = 'default') => {
      const made = types.map((type) => ({ ...exampleEvent(type), id: randomUUID(), tenant }));
      await belt.eventLog.append(
        tenant,
        made.map((event) => ({
          ...{ id: event.id, type: event.type, body: JSON.stringify(event) },
          ...(event.collection !== undefined && { collection: event.collection }),
        })),
      );
      return made.map(({ id }) => id);
    },
    close: () => belt.close(),
  };
}
