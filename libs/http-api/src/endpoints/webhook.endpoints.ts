import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { cursorSchema, limitSchema, pageOf } from '../schemas/common.schema.js';
import {
  newWebhookSchema,
  rotationSchema,
  webhookChangesSchema,
  webhookParams,
  webhookSchema,
  webhookWithSecretSchema,
} from '../schemas/webhook.schema.js';

const tag = 'Webhooks';
/** Whoever may read events may see where they go. */
const reading = ['events:read'] as const;
/**
 * An endpoint has everything that happens to a tenant sent away. No scope of its own: the list of scopes is closed, and
 * a new one would break clients (docs/decisions/0019).
 */
const changing = ['admin'] as const;

export const createWebhook = defineEndpoint({
  id: 'createWebhook',
  method: 'POST',
  path: '/v1/webhooks',
  tag,
  summary: 'Have events sent to an address',
  description:
    'The secret that signs them is shown in this answer and never again. An address that is not on a public host is ' +
    'refused, now and whenever something would be sent there.',
  access: changing,
  body: { kind: 'json', schema: newWebhookSchema },
  idempotent: true,
  success: { status: 201, description: 'The endpoint with its secret.', schema: webhookWithSecretSchema },
  problems: [
    'API.WEBHOOK_URL_REFUSED',
    'API.WEBHOOKS_FULL',
    'API.COLLECTION_MISSING',
    'API.IDEMPOTENCY_RUNNING',
    'API.IDEMPOTENCY_CONFLICT',
  ],
});

export const listWebhooks = defineEndpoint({
  id: 'listWebhooks',
  method: 'GET',
  path: '/v1/webhooks',
  tag,
  summary: 'List the webhook endpoints, disabled ones too',
  access: reading,
  query: z.strictObject({ cursor: cursorSchema.optional(), limit: limitSchema(100, 50) }),
  success: { status: 200, description: 'A page, by id.', schema: pageOf(webhookSchema) },
  problems: [],
});

export const getWebhook = defineEndpoint({
  id: 'getWebhook',
  method: 'GET',
  path: '/v1/webhooks/{webhook}',
  tag,
  summary: 'Read a webhook endpoint',
  access: reading,
  params: webhookParams,
  success: { status: 200, description: 'The endpoint.', schema: webhookSchema },
  problems: ['API.WEBHOOK_MISSING'],
});

export const updateWebhook = defineEndpoint({
  id: 'updateWebhook',
  method: 'PATCH',
  path: '/v1/webhooks/{webhook}',
  tag,
  summary: 'Change, disable or enable a webhook endpoint',
  description: 'Enabled again, it is sent what happens from then on.',
  access: changing,
  params: webhookParams,
  body: { kind: 'json', schema: webhookChangesSchema },
  success: { status: 200, description: 'The endpoint.', schema: webhookSchema },
  problems: ['API.WEBHOOK_MISSING', 'API.WEBHOOK_URL_REFUSED', 'API.COLLECTION_MISSING'],
});

export const rotateWebhook = defineEndpoint({
  id: 'rotateWebhook',
  method: 'POST',
  path: '/v1/webhooks/{webhook}/rotate',
  tag,
  summary: 'Give a webhook endpoint a new secret',
  description:
    'The secret is shown in this answer and never again. The secrets before it sign on, too, until the overlap is over: ' +
    'tell the receiver the new one meanwhile. Without an overlap they end now, as they should when one was lost.',
  access: changing,
  params: webhookParams,
  body: { kind: 'json', schema: rotationSchema },
  idempotent: true,
  success: { status: 200, description: 'The endpoint with its new secret.', schema: webhookWithSecretSchema },
  problems: ['API.WEBHOOK_MISSING', 'API.WEBHOOK_SECRETS_FULL', 'API.IDEMPOTENCY_RUNNING', 'API.IDEMPOTENCY_CONFLICT'],
});

export const deleteWebhook = defineEndpoint({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/v1/webhooks/{webhook}',
  tag,
  summary: 'Delete a webhook endpoint',
  access: changing,
  params: webhookParams,
  success: { status: 200, description: 'The endpoint as it was.', schema: webhookSchema },
  problems: ['API.WEBHOOK_MISSING'],
});
