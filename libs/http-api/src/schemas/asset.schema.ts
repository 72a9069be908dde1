import { photoSchema, uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import { collectionIdSchema, contractSchema, externalIdSchema, tagSchema, timeSchema } from './common.schema.js';
import { resultFaceSchema } from './face.schema.js';
import { enrolledPhotoSchema } from './person.schema.js';
import { photoInputSchema } from './photo.schema.js';

export const assetStateSchema = z.enum(['pending', 'done', 'failed']).meta({ id: 'AssetState' });

export const newAssetSchema = z
  .strictObject({
    source: photoInputSchema,
    collection: collectionIdSchema,
    externalId: externalIdSchema.optional(),
    tags: z.array(tagSchema).max(50).optional(),
    lane: z
      .enum(['interactive', 'bulk'])
      .default('interactive')
      .meta({ description: '`bulk` goes behind everything that somebody waits for.' }),
    contract: contractSchema.optional(),
  })
  .meta({ id: 'NewAsset' });

export const acceptedAssetSchema = z
  .object({ id: uuidSchema, collection: collectionIdSchema, state: assetStateSchema, submittedAt: timeSchema })
  .meta({ id: 'AcceptedAsset' });

const stageStatusSchema = z
  .object({
    stage: z.string(),
    state: z.enum(['pending', 'waiting', 'active', 'delayed', 'failed', 'done']).meta({ 'x-open-enum': true }),
  })
  .meta({ id: 'StageStatus' });

const failureSchema = z
  .object({ stage: z.string(), code: z.string(), message: z.string(), remedy: z.string(), attempts: z.int() })
  .meta({ id: 'AssetFailure' });

export const assetResultSchema = z
  .object({
    contract: contractSchema,
    photo: z.object(photoSchema.shape).meta({ id: 'Photo' }),
    faces: z.array(resultFaceSchema),
    droppedFaces: z.int(),
    erasedFaces: z.int().optional(),
    duplicateOf: uuidSchema.optional().meta({ description: 'The asset of this collection with the same bytes.' }),
    enrolment: enrolledPhotoSchema.omit({ index: true, assetId: true }).optional(),
  })
  .meta({ id: 'AssetResult' });

export const assetSummarySchema = z
  .object({
    id: uuidSchema,
    collection: collectionIdSchema,
    externalId: z.string().optional(),
    tags: z.array(z.string()),
    state: assetStateSchema,
    submittedAt: timeSchema,
    faces: z.int().optional().meta({ description: 'How many, once done.' }),
    people: z.array(uuidSchema).meta({ description: 'Who is, or may be, in it.' }),
  })
  .meta({ id: 'AssetSummary' });

export const assetSchema = z
  .object({
    ...assetSummarySchema.omit({ faces: true, people: true }).shape,
    source: z.string().meta({ description: 'Where the photo came from.' }),
    stages: z.array(stageStatusSchema),
    result: assetResultSchema.optional().meta({ description: 'Once done.' }),
    failure: failureSchema.optional().meta({ description: 'Once failed for good.' }),
  })
  .meta({ id: 'Asset' });

export const removedAssetSchema = z
  .object({ id: uuidSchema, objects: z.int(), points: z.int(), jobs: z.int() })
  .meta({ id: 'RemovedAsset', description: 'How many things were removed.' });

/** Photos, and lists of photos for a bulk job. */
const UPLOADED = /^(?:image\/[a-z0-9.+-]{1,64}|application\/x-ndjson|application\/gzip|text\/csv)$/;

export const newUploadSchema = z
  .strictObject({
    contentType: z
      .string()
      .refine(
        (type) => UPLOADED.test(type),
        'an image type such as image/jpeg, or that of a manifest: application/x-ndjson, text/csv or application/gzip',
      )
      .default('image/jpeg'),
    expiresInSeconds: z.int().min(10).max(86_400).default(900),
  })
  .meta({ id: 'NewUpload' });

export const uploadSchema = z
  .object({
    url: z.string().meta({ description: 'PUT the photo here, with exactly this Content-Type and no key.' }),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()),
    expiresAt: timeSchema,
    source: z
      .object({ bucket: z.string(), key: z.string() })
      .meta({ description: 'Hand this to POST /v1/assets then; of a manifest, to POST /v1/jobs.' }),
  })
  .meta({ id: 'Upload' });

export type AssetBody = z.input<typeof assetSchema>;
export type AssetSummaryBody = z.input<typeof assetSummarySchema>;
export type AssetResultBody = z.input<typeof assetResultSchema>;
