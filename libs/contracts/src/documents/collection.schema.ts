import { z } from 'zod';
import { contractIdSchema, slugSchema } from '../ids/names.schema.js';

/** A cosine and the false match rate it was measured at (see models/README.md). */
export const thresholdSchema = z.strictObject({ cosine: z.number().min(-1).max(1), fmr: z.number().gt(0).lt(1) });
export type Threshold = z.output<typeof thresholdSchema>;

/** A searchable gallery: one model contract for life, and the thresholds its decisions are made with. */
export const collectionDocumentSchema = z
  .strictObject({
    version: z.literal(1),
    tenant: slugSchema,
    id: slugSchema,
    contract: contractIdSchema,
    thresholds: z.strictObject({
      /** At or above: match. */
      match: thresholdSchema,
      /** At or above, but below match: review. */
      review: thresholdSchema,
    }),
    createdAt: z.iso.datetime(),
  })
  .refine(
    ({ thresholds }) => thresholds.review.cosine <= thresholds.match.cosine,
    'the review threshold is above the match threshold',
  );

export type CollectionDocument = z.output<typeof collectionDocumentSchema>;
