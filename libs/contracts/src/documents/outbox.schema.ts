import { z } from 'zod';
import { toldFactsSchema } from '../events/making/told.facts.js';
import { slugSchema, uuidSchema } from '../ids/names.schema.js';

const marked = {
  version: z.literal(1),
  tenant: slugSchema,
  id: uuidSchema,
  collection: slugSchema,
  /** Before what is marked happens. */
  at: z.iso.datetime(),
};

/**
 * Put before something is done outside of a job that would be tried again, taken away once its events are told: whoever
 * finds it looks whether the thing happened, and tells.
 */
export const outboxMarkSchema = z.discriminatedUnion('kind', [
  /** Somebody said whose a face of the asset is, or is not. */
  z.strictObject({ ...marked, kind: z.literal('decision'), assetId: uuidSchema }),
  /** An asset failed for good. What its job knew of it is known to nothing else. */
  z.strictObject({
    ...{ ...marked, kind: z.literal('failure'), assetId: uuidSchema },
    ...{ submittedAt: z.iso.datetime(), facts: toldFactsSchema },
  }),
  /** People were erased. The receipt names nobody, and nothing else knows them any more. */
  z.strictObject({ ...marked, kind: z.literal('erasure'), receiptId: uuidSchema, people: z.array(uuidSchema) }),
]);
export type OutboxMark = z.output<typeof outboxMarkSchema>;
