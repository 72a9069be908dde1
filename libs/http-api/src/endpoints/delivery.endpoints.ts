import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { cursorSchema, idSchema, limitSchema, pageOf, timeSchema } from '../schemas/common.schema.js';
import {
  webhookAttemptSchema,
  webhookAttemptStateSchema,
  webhookReplayedSchema,
  webhookReplaySchema,
  webhookTestResultSchema,
  webhookTestSchema,
} from '../schemas/delivery.schema.js';
import { webhookParams } from '../schemas/webhook.schema.js';

const tag = 'Webhooks';

export const testWebhook = defineEndpoint({
  id: 'testWebhook',
  method: 'POST',
  path: '/v1/webhooks/{webhook}/test',
  tag,
  summary: 'Send a test event to a webhook endpoint',
  description:
    'Sends the example of a type now, signed, with the header `facelane-test: true`, and answers what came of it. It is ' +
    'sent once, to a disabled endpoint too, and is in no log.',
  access: ['admin'],
  params: webhookParams,
  body: { kind: 'json', schema: webhookTestSchema },
  success: { status: 200, description: 'What came of it.', schema: webhookTestResultSchema },
  problems: ['API.WEBHOOK_MISSING'],
});

export const listWebhookAttempts = defineEndpoint({
  id: 'listWebhookAttempts',
  method: 'GET',
  path: '/v1/webhooks/{webhook}/attempts',
  tag,
  summary: 'What was sent to a webhook endpoint, and what came of it',
  description:
    'Newest first, of 30 days and 10 000 attempts at most. A page may be short, even empty, with a cursor to go on: the ' +
    'list ends where `next` is absent.',
  access: ['events:read'],
  params: webhookParams,
  query: z.strictObject({
    event: idSchema.optional().meta({ description: 'Only of this event.' }),
    state: webhookAttemptStateSchema.optional(),
    since: timeSchema.optional(),
    cursor: cursorSchema.optional(),
    limit: limitSchema(1000, 100),
  }),
  success: { status: 200, description: 'A page.', schema: pageOf(webhookAttemptSchema) },
  problems: ['API.WEBHOOK_MISSING'],
});

export const replayWebhook = defineEndpoint({
  id: 'replayWebhook',
  method: 'POST',
  path: '/v1/webhooks/{webhook}/replay',
  tag,
  summary: 'Send events to a webhook endpoint again',
  description:
    'As far as the log still has them. Each keeps its id, and has the header `facelane-replay: true`; behind all that is ' +
    'sent for the first time.',
  access: ['admin'],
  params: webhookParams,
  body: { kind: 'json', schema: webhookReplaySchema },
  idempotent: true,
  success: { status: 202, description: 'Queued.', schema: webhookReplayedSchema },
  problems: [
    'API.WEBHOOK_MISSING',
    'API.WEBHOOK_DISABLED',
    'API.EVENT_MISSING',
    'API.REPLAY_TOO_MANY',
    'API.IDEMPOTENCY_RUNNING',
    'API.IDEMPOTENCY_CONFLICT',
  ],
});
