import { z } from 'zod';

/** Everything that may be told to somebody outside. */
export const EVENT_TYPES = [
  'asset.completed',
  'asset.failed',
  'face.matched',
  'face.unmatched',
  'match.updated',
  'person.enrolled',
  'person.erased',
  'job.progress',
  'job.completed',
  'endpoint.disabled',
] as const;

export const eventTypeSchema = z.enum(EVENT_TYPES);
export type EventType = z.output<typeof eventTypeSchema>;
