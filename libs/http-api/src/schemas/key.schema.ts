import { scopeSchema, slugSchema } from '@facelane/contracts';
import { z } from 'zod';
import { timeSchema } from './common.schema.js';

export const newKeySchema = z
  .strictObject({
    name: z.string().min(1).max(256).meta({ description: 'What the key is for.' }),
    scopes: z.array(scopeSchema).min(1).max(8),
    tenant: slugSchema.optional().meta({ description: 'Only the operator may name one. Default: your own.' }),
    expiresAt: timeSchema.optional(),
    ratePerMinute: z.int().min(1).max(1_000_000).optional(),
  })
  .meta({ id: 'NewKey' });

export const keySchema = z
  .object({
    id: z.string(),
    tenant: slugSchema,
    name: z.string(),
    scopes: z.array(scopeSchema),
    ratePerMinute: z.int().optional(),
    createdAt: timeSchema,
    expiresAt: timeSchema.optional(),
    revokedAt: timeSchema.optional(),
  })
  .meta({ id: 'Key', description: 'An API key, without its secret.' });

export const createdKeySchema = keySchema
  .extend({ key: z.string().meta({ description: 'The key itself. It is shown this once and kept nowhere.' }) })
  .meta({ id: 'CreatedKey' });

export type KeyBody = z.input<typeof keySchema>;
