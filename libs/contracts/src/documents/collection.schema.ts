import { z } from 'zod';
import { contractIdSchema, slugSchema } from '../ids/names.schema.js';
import { qualityGatesSchema } from './quality-bars.schema.js';

/**
 * A cosine and the false match rate it was measured at (see models/README.md); no rate is stated for a cosine outside
 * of what was measured.
 */
export const thresholdSchema = z.strictObject({
  cosine: z.number().min(-1).max(1),
  fmr: z.number().gt(0).lt(1).optional(),
});
export type Threshold = z.output<typeof thresholdSchema>;

/** How good a photo must be to give a reference face; the bars of each are in libs/identity. */
export const qualityProfileSchema = z.enum(['off', 'standard', 'strict']);
export type QualityProfile = z.output<typeof qualityProfileSchema>;

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
    /** Bars of enrolment. Absent: `standard`. */
    quality: qualityProfileSchema.optional(),
    /** Bars besides the profile. Absent: none, each face is compared and stored. */
    qualityBars: qualityGatesSchema.optional(),
    /** Whether a person may be only one of the faces of a photo. Absent: yes. */
    onePersonPerPhoto: z.boolean().optional(),
    /** Photos are deleted this many days after they were submitted. Absent: kept. */
    retentionDays: z.int().min(1).max(36_500).optional(),
    description: z.string().max(1024).optional(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime().optional(),
  })
  .refine(
    ({ thresholds }) => thresholds.review.cosine <= thresholds.match.cosine,
    'the review threshold is above the match threshold',
  );

export type CollectionDocument = z.output<typeof collectionDocumentSchema>;
