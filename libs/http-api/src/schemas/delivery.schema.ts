import { attemptStateSchema, uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import { idSchema, timeSchema } from './common.schema.js';
import { eventTypeNameSchema, toldEventTypeSchema } from './webhook.schema.js';

const status = z.int().meta({ description: 'HTTP status of the answer. Absent: there was none.' });
const latencyMs = z.int().meta({ description: 'Until the answer, or until it was given up, in milliseconds.' });
const excerpt = z.string().meta({ description: 'What the answer began with.' });
const code = z.string().meta({ description: 'Why it failed, a code of docs/errors.md.' });

export const webhookTestSchema = z
  .strictObject({
    type: eventTypeNameSchema.default('asset.completed').meta({ description: 'Default `asset.completed`.' }),
  })
  .meta({ id: 'WebhookTest' });

export const webhookTestResultSchema = z
  .object({
    eventId: uuidSchema,
    type: eventTypeNameSchema,
    at: timeSchema,
    delivered: z.boolean(),
    status: status.optional(),
    latencyMs,
    excerpt: excerpt.optional(),
    code: code.optional(),
  })
  .meta({ id: 'WebhookTestResult', description: 'What came of a test.' });

export const webhookAttemptStateSchema = attemptStateSchema.meta({
  id: 'WebhookAttemptState',
  description: '`failed`: it is tried again; `dead`: it is not. More may be added.',
  'x-open-enum': true,
});

export const webhookAttemptSchema = z
  .object({
    eventId: uuidSchema,
    type: toldEventTypeSchema,
    at: timeSchema,
    state: webhookAttemptStateSchema,
    attempt: z.int().meta({ description: '1 for the first.' }),
    status: status.optional(),
    latencyMs,
    excerpt: excerpt.optional(),
    code: code.optional(),
    replay: z.literal(true).optional().meta({ description: 'Somebody asked for it again.' }),
    nextAt: timeSchema.optional().meta({ description: 'When it is tried again.' }),
  })
  .meta({ id: 'WebhookAttempt', description: 'One request to a webhook endpoint.' });

export const webhookReplaySchema = z
  .strictObject({
    event: idSchema.optional().meta({ description: 'Id of an event, whatever the filter says.' }),
    failedSince: timeSchema.optional().meta({ description: 'Events whose last attempt since then has failed.' }),
    from: timeSchema.optional().meta({ description: 'With `to`: events of that time that pass the filter.' }),
    to: timeSchema.optional(),
  })
  .refine(
    ({ event, failedSince, from, to }) =>
      [event, failedSince, from].filter((part) => part !== undefined).length === 1 &&
      (from === undefined) === (to === undefined),
    { message: 'say one of event, failedSince, and from with to' },
  )
  .meta({ id: 'WebhookReplay', description: 'One of `event`, `failedSince`, and `from` with `to`.' });

export const webhookReplayedSchema = z
  .object({ queued: z.int().meta({ description: 'Deliveries that were queued.' }) })
  .meta({ id: 'WebhookReplayed' });

export type WebhookTestResultBody = z.input<typeof webhookTestResultSchema>;
export type WebhookReplayBody = z.output<typeof webhookReplaySchema>;
