import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';

const checkSchema = z.object({ status: z.enum(['ok', 'failed']), problem: z.string().optional() });

export const readinessSchema = z
  .object({
    status: z.literal('ok'),
    checks: z.object({ redis: checkSchema, objectStore: checkSchema, faceIndex: checkSchema }),
  })
  .meta({ id: 'Readiness' });

export const live = defineEndpoint({
  id: 'live',
  method: 'GET',
  path: '/health/live',
  tag: 'System',
  summary: 'The process runs',
  access: 'none',
  success: { status: 200, description: 'It does.', schema: z.object({ status: z.literal('ok') }) },
  problems: [],
});

export const ready = defineEndpoint({
  id: 'ready',
  method: 'GET',
  path: '/health/ready',
  tag: 'System',
  summary: 'Every server behind the API answers',
  access: 'none',
  success: { status: 200, description: 'They do; 503 says which does not.', schema: readinessSchema },
  problems: ['API.UNAVAILABLE'],
});

export const whoAmI = defineEndpoint({
  id: 'whoAmI',
  method: 'GET',
  path: '/v1/me',
  tag: 'System',
  summary: 'Whom this key belongs to, and which models this deployment runs',
  access: 'any',
  success: {
    status: 200,
    description: 'The key and the deployment.',
    schema: z
      .object({
        tenant: z.string(),
        key: z.string(),
        scopes: z.array(z.string()),
        contract: z.string(),
        thresholds: z.record(z.string(), z.number()).meta({ description: 'Cosine by false match rate.' }),
      })
      .meta({ id: 'Me' }),
  },
  problems: [],
});
