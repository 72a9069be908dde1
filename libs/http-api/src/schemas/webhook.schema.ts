import { eventTypeSchema, uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import { collectionIdSchema, idSchema, timeSchema } from './common.schema.js';

export const webhookParams = z.object({ webhook: idSchema.meta({ description: 'Id of a webhook endpoint.' }) });

export const eventTypeNameSchema = eventTypeSchema.meta({
  id: 'EventType',
  description: 'What an event tells. More may be added.',
  'x-open-enum': true,
});
/** Of what was told: a process of a newer version may have told it. */
export const toldEventTypeSchema = z
  .string()
  .meta({ description: 'An EventType, or one that is newer than this description.' });
const minScore = z.number().min(0).max(1).meta({ description: 'Cosine that the best face has at least.' });
const unknownOnly = z.boolean().meta({ description: 'Only events about a face that nobody is known by.' });

/** Of each list a caller says what he wants; one without entries would let nothing pass. */
const filterSchema = z
  .strictObject({
    collections: z.array(collectionIdSchema).min(1).max(100).optional(),
    types: z.array(eventTypeNameSchema).min(1).max(50).optional(),
    people: z.array(idSchema).min(1).max(1000).optional().meta({ description: 'Ids of people.' }),
    minScore: minScore.optional(),
    unknownOnly: unknownOnly.optional(),
  })
  .refine(({ people, unknownOnly }) => people === undefined || unknownOnly !== true, {
    message: 'no event is about one of these people and about nobody: name people, or unknownOnly',
  })
  .meta({
    id: 'NewWebhookFilter',
    description:
      'Which events are sent: those that pass every part that is given. Of an event that says nothing of a part, none.',
  });

const url = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .meta({ description: 'Where events are sent: https, on a public address.' });
const description = z.string().max(1024);
const ratePerSecond = z.int().min(1).max(1000).meta({ description: 'Requests per second at most.' });
const concurrency = z.int().min(1).max(20);

export const newWebhookSchema = z
  .strictObject({
    url,
    description: description.optional(),
    filter: filterSchema.optional().meta({ description: 'Default: every event.' }),
    ratePerSecond: ratePerSecond.optional(),
    concurrency: concurrency.default(4).meta({ description: 'Requests under way at a time. Default 4.' }),
  })
  .meta({ id: 'NewWebhook' });

export const webhookStateSchema = z.enum(['enabled', 'disabled']).meta({ id: 'WebhookState' });

export const webhookChangesSchema = z
  .strictObject({
    url: url.optional(),
    description: description.nullable().optional(),
    filter: filterSchema.optional(),
    ratePerSecond: ratePerSecond.nullable().optional(),
    concurrency: concurrency.optional(),
    state: webhookStateSchema.optional(),
  })
  .meta({
    id: 'WebhookChanges',
    description:
      'What is absent stays; `filter` is replaced as a whole, `{}` lets every event pass. `description: null` and ' +
      '`ratePerSecond: null` take it away.',
  });

export const rotationSchema = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .meta({ description: 'How long the secrets before it sign on. 0 ends them at once. Default 24.' }),
  })
  .meta({ id: 'WebhookRotation' });

const keptFilterSchema = z
  .object({
    collections: z.array(collectionIdSchema).optional(),
    types: z.array(eventTypeNameSchema).optional(),
    people: z
      .array(uuidSchema)
      .optional()
      .meta({ description: 'Without those who were erased. Empty: all were, and no event passes.' }),
    minScore: minScore.optional(),
    unknownOnly: unknownOnly.optional(),
  })
  .meta({ id: 'WebhookFilter' });

export const webhookSchema = z
  .object({
    id: uuidSchema,
    url: z.string(),
    description: z.string().optional(),
    state: webhookStateSchema,
    disabled: z
      .object({
        at: timeSchema,
        reason: z
          .enum(['gone', 'failing', 'asked'])
          .meta({ id: 'WebhookDisabling', description: 'More may be added.', 'x-open-enum': true }),
        lastStatus: z.int().optional().meta({ description: 'The last HTTP status that it answered.' }),
      })
      .optional()
      .meta({ description: 'Since when and why it is sent nothing.' }),
    failingSince: timeSchema.optional().meta({ description: 'Nothing has arrived there since.' }),
    heldSince: timeSchema.optional().meta({
      description: 'So much waits for it that what has happened since is left in the log until there is room.',
    }),
    missed: z
      .object({ from: timeSchema, until: timeSchema })
      .optional()
      .meta({ description: 'What happened in that time was dropped by the log before there was room, and not sent.' }),
    filter: keptFilterSchema,
    ratePerSecond: z.int().optional(),
    concurrency: z.int(),
    secrets: z
      .array(z.object({ createdAt: timeSchema, expiresAt: timeSchema.optional() }))
      .meta({ description: 'The secrets that sign now, newest first, without what they are.' }),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Webhook', description: 'A webhook endpoint, without its secrets.' });

export const webhookWithSecretSchema = webhookSchema
  .extend({
    secret: z.string().meta({
      description: 'Signs what is sent, as Standard Webhooks says. It is shown this once.',
      examples: ['whsec_…'],
    }),
  })
  .meta({ id: 'WebhookWithSecret' });

export type NewWebhookBody = z.output<typeof newWebhookSchema>;
export type WebhookChangesBody = z.output<typeof webhookChangesSchema>;
export type WebhookBody = z.input<typeof webhookSchema>;
export type WebhookWithSecretBody = z.input<typeof webhookWithSecretSchema>;
