import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { pageOf } from '../schemas/common.schema.js';
import { createdKeySchema, keySchema, newKeySchema } from '../schemas/key.schema.js';

const keyParams = z.object({ key: z.string().regex(/^[0-9a-f]{16}$/, 'the id of a key: 16 hex digits') });

export const createKey = defineEndpoint({
  id: 'createKey',
  method: 'POST',
  path: '/v1/keys',
  tag: 'Keys',
  summary: 'Make an API key',
  description: 'The key is shown in this answer and never again.',
  access: ['admin'],
  body: { kind: 'json', schema: newKeySchema },
  success: { status: 201, description: 'The key.', schema: createdKeySchema },
  problems: [],
});

export const listKeys = defineEndpoint({
  id: 'listKeys',
  method: 'GET',
  path: '/v1/keys',
  tag: 'Keys',
  summary: 'List the keys of the tenant, revoked ones too',
  access: ['admin'],
  success: { status: 200, description: 'All keys.', schema: pageOf(keySchema) },
  problems: [],
});

export const revokeKey = defineEndpoint({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/v1/keys/{key}',
  tag: 'Keys',
  summary: 'Revoke a key',
  description: 'Works at once in the process that is asked, and after at most five seconds in every other one.',
  access: ['admin'],
  params: keyParams,
  success: { status: 200, description: 'The revoked key.', schema: keySchema },
  problems: ['API.KEY_UNKNOWN'],
});
