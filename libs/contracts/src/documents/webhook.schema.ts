import { z } from 'zod';
import { slugSchema, uuidSchema } from '../ids/names.schema.js';
import { eventTypeSchema } from '../events/events.js';

/**
 * Which events an endpoint is sent: those that pass every part which is given. An empty list lets nothing pass; that is
 * how a list ends whose people were all erased, since without it everything would.
 */
export const webhookFilterSchema = z.strictObject({
  collections: z.array(slugSchema).optional(),
  types: z.array(eventTypeSchema).optional(),
  people: z.array(uuidSchema).optional(),
  /** Cosine that the best face of the event has at least. */
  minScore: z.number().min(0).max(1).optional(),
  /** Only events about a face that nobody is known by. */
  unknownOnly: z.boolean().optional(),
});
export type WebhookFilter = z.output<typeof webhookFilterSchema>;

/** As Standard Webhooks writes it: base64 of 24 to 64 random bytes. */
const webhookSecretSchema = z.strictObject({
  secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/),
  createdAt: z.iso.datetime(),
  /** From then on it signs nothing. Absent: until a rotation says otherwise. */
  expiresAt: z.iso.datetime().optional(),
});
export type WebhookSecret = z.output<typeof webhookSecretSchema>;

const disabledSchema = z.strictObject({
  at: z.iso.datetime(),
  /** `gone`: it answered 410; `failing`: it failed for too long; `asked`: somebody wanted it so. */
  reason: z.enum(['gone', 'failing', 'asked']),
  /** The last HTTP status that it answered. */
  lastStatus: z.int().min(100).max(599).optional(),
});

/** Where a tenant wants events sent. Its secrets are kept as they are: a signature is made with them, not checked. */
export const webhookEndpointDocumentSchema = z
  .strictObject({
    version: z.literal(1),
    tenant: slugSchema,
    id: uuidSchema,
    url: z.url({ protocol: /^https?$/ }).max(2048),
    description: z.string().max(1024).optional(),
    state: z.enum(['enabled', 'disabled']),
    disabled: disabledSchema.optional(),
    /** Since when nothing has arrived there. */
    failingSince: z.iso.datetime().optional(),
    /** So much waits for it that what happens after this is left in the log until there is room. */
    heldSince: z.iso.datetime().optional(),
    /** What the log dropped before there was room: the last that happened in that time. It was not sent. */
    missed: z.strictObject({ from: z.iso.datetime(), until: z.iso.datetime() }).optional(),
    /** Newest first; all that have not expired sign. */
    secrets: z.array(webhookSecretSchema).min(1),
    filter: webhookFilterSchema,
    /** Requests per second at most. Absent: no limit of its own. */
    ratePerSecond: z.int().min(1).max(1000).optional(),
    /** Requests under way at a time. */
    concurrency: z.int().min(1).max(20),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .refine(
    ({ state, disabled }) => (state === 'disabled') === (disabled !== undefined),
    'says why it is disabled when it is not, or the other way round',
  );
export type WebhookEndpointDocument = z.output<typeof webhookEndpointDocumentSchema>;
