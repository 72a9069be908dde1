import { slugSchema, uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import { collectionIdSchema, limitSchema, timeSchema } from './common.schema.js';
import { eventTypeNameSchema, toldEventTypeSchema } from './webhook.schema.js';

/** Slugs, so that none begins with `_` as those of the product itself do. */
const consumerNameSchema = slugSchema.meta({ description: 'A name of your choice.', examples: ['archive'] });
export const consumerParams = z.object({ consumer: consumerNameSchema });

const placeSchema = z.string().min(1).max(512);

/** A list in a query is one text with commas. */
const filter = {
  types: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(eventTypeNameSchema).min(1).max(50),
    )
    .optional()
    .meta({ param: { style: 'form', explode: false }, description: 'Only events of these types. Default: all.' }),
  collection: collectionIdSchema.optional().meta({ description: 'Only events of this collection. Default: all.' }),
};

const after = placeSchema.optional().meta({
  description: 'A cursor: events behind it. `latest`: those from now on. Default: from the oldest that is kept.',
});

export const streamQuerySchema = z.strictObject({ after, ...filter });

export const feedQuerySchema = z
  .strictObject({
    after,
    consumer: consumerNameSchema.optional().meta({
      description: 'Instead of `after`: behind what this consumer has committed, or from the oldest event.',
    }),
    ...filter,
    limit: limitSchema(1000, 100),
    wait: z.coerce.number().int().min(0).max(60).default(0).meta({
      description: 'When there is no event yet: how long to wait for one, in seconds. Default 0.',
    }),
  })
  .refine((query) => query.after === undefined || query.consumer === undefined, {
    path: ['consumer'],
    message: 'name a consumer or a place to read after, not both',
  });

const envelope = {
  id: uuidSchema.meta({ description: 'Follows from the fact: ignore an id that you have seen.' }),
  type: toldEventTypeSchema,
  version: z.int(),
  timestamp: timeSchema.meta({ description: 'When it happened.' }),
  tenant: z.string(),
  collection: z.string().optional(),
  data: z.record(z.string(), z.unknown()).meta({ description: 'As /asyncapi.json describes it for the type.' }),
};

export const envelopeSchema = z.object(envelope).meta({ id: 'EventEnvelope', description: 'An event.' });
export const loggedEventSchema = z
  .object({ ...envelope, cursor: z.string().meta({ description: 'Reading after it goes on behind this event.' }) })
  .meta({ id: 'LoggedEvent', description: 'An event with its place in the log.' });

export const eventPageSchema = z
  .object({
    events: z.array(loggedEventSchema),
    next: z.string().meta({ description: 'Where to go on, also behind a page without events.' }),
    end: z.boolean().meta({ description: 'Whether the log ended here. An empty page may be somewhere within.' }),
  })
  .meta({ id: 'EventPage' });

export const commitSchema = z
  .strictObject({
    cursor: placeSchema.meta({ description: '`next` of a page, or `cursor` of an event.' }),
    force: z.boolean().default(false).meta({ description: 'Goes back too. Default false.' }),
  })
  .meta({ id: 'EventCommit' });

const consumer = { name: z.string(), cursor: z.string().meta({ description: 'Behind what it has committed.' }) };
export const consumerSchema = z.object(consumer).meta({ id: 'EventConsumer' });
export const consumersSchema = z.object({ items: z.array(consumerSchema) }).meta({ id: 'EventConsumers' });
export const committedSchema = z
  .object({ ...consumer, moved: z.boolean().meta({ description: 'False: it was as far already, or further.' }) })
  .meta({ id: 'CommittedEvents' });

export type EnvelopeBody = z.input<typeof envelopeSchema>;
export type EventPageBody = z.input<typeof eventPageSchema>;
export type CommitBody = z.output<typeof commitSchema>;
