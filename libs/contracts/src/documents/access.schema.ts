import { z } from 'zod';
import { sha256Schema, slugSchema } from '../ids/names.schema.js';

/** What a key may do. `admin` may everything within its tenant. */
export const scopeSchema = z.enum(['assets:write', 'search', 'people:write', 'events:read', 'admin']);
export type Scope = z.output<typeof scopeSchema>;

/** A caller's right to use the API for one tenant. The secret itself is shown once and kept nowhere. */
export const apiKeyDocumentSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  tenant: slugSchema,
  name: z.string().min(1).max(256),
  scopes: z.array(scopeSchema).min(1),
  /** SHA-256 of the secret, which is 256 random bits: nothing to guess, so nothing to slow down. */
  secretHash: sha256Schema,
  /** Requests per minute. Absent: the deployment's default. */
  ratePerMinute: z.int().min(1).max(1_000_000).optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
});
export type ApiKeyDocument = z.output<typeof apiKeyDocumentSchema>;
