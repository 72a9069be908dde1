import type { EventType } from '@facelane/contracts';
import type { FacelaneEvent } from '../generated/events.gen.js';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Every type of the catalogue is one of the client, and there are no more. */
export const same: Same<EventType, FacelaneEvent['type']> = true;

/** What a consumer writes: the type tells the data. */
export function personOf(event: FacelaneEvent): string | undefined {
  switch (event.type) {
    case 'face.matched':
      return event.data.personId;
    case 'match.updated':
      return event.data.to.personId;
    default:
      return undefined;
  }
}

type DataOf<T extends EventType> = Extract<FacelaneEvent, { type: T }>['data'];

// @ts-expect-error: a fact of an endpoint is of no person
export type PersonOfEndpoint = DataOf<'endpoint.disabled'>['personId'];
