import { enrolmentRefusalSchema, metadataSchema, qualityProfileSchema, uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import { collectionIdSchema, contractSchema, externalIdSchema, timeSchema } from './common.schema.js';
import { faceSchema } from './face.schema.js';
import { photoInputSchema } from './photo.schema.js';

const name = z.string().min(1).max(256);

export const newPersonSchema = z
  .strictObject({ name, externalId: externalIdSchema.optional(), metadata: metadataSchema.optional() })
  .meta({ id: 'NewPerson' });

export const personChangesSchema = z
  .strictObject({ name: name.optional(), metadata: metadataSchema.optional() })
  .meta({ id: 'PersonChanges', description: 'What is absent stays; `metadata` is replaced as a whole.' });

export const personSchema = z
  .object({
    id: uuidSchema,
    collection: collectionIdSchema,
    name: z.string(),
    externalId: z.string().optional(),
    metadata: z.record(z.string(), z.string()),
    references: z.int().meta({ description: 'How many reference faces there are.' }),
    mergedInto: uuidSchema.optional().meta({ description: 'This person turned out to be that one.' }),
    absorbed: z.array(uuidSchema).meta({ description: 'People that turned out to be this one.' }),
    createdAt: timeSchema,
    updatedAt: timeSchema.optional(),
  })
  .meta({ id: 'Person' });

export const referenceSchema = z
  .object({
    id: uuidSchema,
    assetId: uuidSchema,
    faceIndex: z.int(),
    contract: contractSchema,
    quality: faceSchema.shape.quality,
    addedAt: timeSchema.optional(),
    mergedFrom: uuidSchema.optional(),
  })
  .meta({ id: 'Reference', description: 'A face by which a person is known.' });

/** Photos of one call; together they must fit the body limit. */
export const MAX_PHOTOS = 100;

export const enrolRequestSchema = z
  .strictObject({
    photos: z.array(photoInputSchema).min(1).max(MAX_PHOTOS),
    quality: qualityProfileSchema.optional().meta({ description: "Bars for these photos. Default: the collection's." }),
  })
  .meta({ id: 'EnrolRequest' });

export const enrolledPhotoSchema = z
  .object({
    index: z.int().meta({ description: 'Place of the photo in the request, from 0.' }),
    assetId: uuidSchema,
    outcome: z
      .enum(['accepted', 'refused', 'failed', 'pending'])
      .meta({ description: '`pending`: not done in time; ask for the asset.' }),
    referenceId: uuidSchema.optional(),
    reason: enrolmentRefusalSchema
      .meta({ id: 'EnrolmentRefusal', description: 'More may be added.', 'x-open-enum': true })
      .optional()
      .meta({ description: 'Why it was refused.' }),
    measured: z.number().optional(),
    bar: z.number().optional(),
    code: z.string().optional().meta({ description: 'Why it failed.' }),
    message: z.string().optional(),
  })
  .meta({ id: 'EnrolledPhoto' });

export const enrolAnswerSchema = z
  .object({ person: personSchema, photos: z.array(enrolledPhotoSchema), accepted: z.int(), refused: z.int() })
  .meta({ id: 'EnrolAnswer' });

export type PersonBody = z.input<typeof personSchema>;
export type ReferenceBody = z.input<typeof referenceSchema>;
export type EnrolledPhotoBody = z.input<typeof enrolledPhotoSchema>;
