import { z } from 'zod';
import { anyEventTypeSchema } from '../events/events.js';
import { uuidSchema } from '../ids/names.schema.js';

/** Characters of an answer that are kept: enough to see what a receiver complains of. */
export const MAX_EXCERPT = 1_024;

/** `failed`: it is tried again. `dead`: it is not. */
export const attemptStateSchema = z.enum(['delivered', 'failed', 'dead']);
export type AttemptState = z.output<typeof attemptStateSchema>;

/** One request to a webhook endpoint and what came of it. */
export const deliveryAttemptSchema = z.strictObject({
  eventId: uuidSchema,
  type: anyEventTypeSchema,
  at: z.iso.datetime(),
  state: attemptStateSchema,
  /** 1 for the first. */
  attempt: z.int().min(1),
  /** Absent: there was no answer. */
  status: z.int().min(100).max(999).optional(),
  /** Until the answer, or until it was given up, in milliseconds. */
  latencyMs: z.int().min(0),
  /** What the answer began with. */
  excerpt: z.string().max(MAX_EXCERPT).optional(),
  /** Why it failed. */
  code: z.string().optional(),
  replay: z.literal(true).optional(),
  /** When it is tried again. */
  nextAt: z.iso.datetime().optional(),
});
export type DeliveryAttempt = z.output<typeof deliveryAttemptSchema>;
