import { qualityBarsSchema, qualityProfileSchema, thresholdSchema } from '@facelane/contracts';
import { z } from 'zod';
import { collectionIdSchema, contractSchema, timeSchema } from './common.schema.js';

/** A bar by what it lets through, or by the cosine itself. */
const barSchema = z
  .union([
    z.strictObject({ fmr: z.number().gt(0).lt(1).meta({ description: 'False match rate, e.g. 0.0001.' }) }),
    z.strictObject({ cosine: z.number().min(-1).max(1) }),
  ])
  .meta({ id: 'Bar', description: 'A threshold, by the rate of strangers that pass it or by its cosine.' });

const thresholdsInput = z.strictObject({ match: barSchema.optional(), review: barSchema.optional() }).meta({
  description: 'At or above `match`: a match. Between the two: to be reviewed. Default: FMR 1e-4 and 1e-3.',
});

const bars = qualityBarsSchema.meta({
  id: 'QualityBars',
  description: 'What is at a bar passes it; what is absent is no bar. Units are those of FaceQuality and utility.',
});

const qualityBars = z
  .strictObject({
    enrol: bars
      .optional()
      .meta({ description: 'To give a reference face; in place of the bars of `quality`, one by one.' }),
    match: bars.optional().meta({ description: 'To be compared with people. A face below can be searched for.' }),
    store: bars.optional().meta({ description: 'To be compared, and kept to be searched.' }),
  })
  .meta({ description: 'Bars of quality by what they guard; replaced as a whole. Default: none besides `quality`.' });

const settings = {
  thresholds: thresholdsInput.optional(),
  quality: qualityProfileSchema
    .optional()
    .meta({ description: 'How good a photo must be to give a reference face. Default: standard.' }),
  qualityBars: qualityBars.optional(),
  onePersonPerPhoto: z
    .boolean()
    .optional()
    .meta({ description: 'Whether a person may be only one of the faces of a photo. Default: true.' }),
  description: z.string().max(1024).optional(),
};

const retentionDays = z.int().min(1).max(36_500).meta({ description: 'Photos are deleted after this many days.' });

export const newCollectionSchema = z
  .strictObject({
    id: collectionIdSchema,
    contract: contractSchema.optional().meta({ description: 'Pinned for life. Default: what this deployment runs.' }),
    ...settings,
    retentionDays: retentionDays.optional(),
  })
  .meta({ id: 'NewCollection' });

export const collectionChangesSchema = z
  .strictObject({
    ...settings,
    retentionDays: retentionDays.nullable().optional(),
    description: settings.description.unwrap().nullable().optional(),
  })
  .meta({
    id: 'CollectionChanges',
    description:
      'What is absent stays. `retentionDays: null` keeps photos for ever, `description: null` takes it away.',
  });

export const collectionSchema = z
  .object({
    id: collectionIdSchema,
    contract: contractSchema,
    thresholds: z.object({
      match: z.object(thresholdSchema.shape),
      review: z.object(thresholdSchema.shape),
    }),
    quality: qualityProfileSchema,
    qualityBars: z.object(qualityBars.shape),
    onePersonPerPhoto: z.boolean(),
    retentionDays: z.int().optional(),
    description: z.string().optional(),
    createdAt: timeSchema,
    updatedAt: timeSchema.optional(),
  })
  .meta({ id: 'Collection', description: 'A gallery of people, and of the photos that are compared with them.' });

export type CollectionBody = z.input<typeof collectionSchema>;
