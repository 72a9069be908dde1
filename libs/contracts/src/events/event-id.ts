import { uuidV5 } from '../ids/uuid-v5.js';
import type { EventType } from './events.js';

/**
 * Id of an event: a pure function of the fact, so whatever runs twice tells it under one id, and consumers may ignore an
 * id that they have seen. `facts` are whatever keeps two facts of the type apart: tenant and collection first, then ids,
 * and the time or the decision where the same thing can happen again.
 */
export function eventIdOf(type: EventType, ...facts: readonly string[]): string {
  return uuidV5('event', type, ...facts);
}
