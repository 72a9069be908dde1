import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import {
  acceptedAssetSchema,
  assetSchema,
  assetStateSchema,
  assetSummarySchema,
  newAssetSchema,
  removedAssetSchema,
} from '../schemas/asset.schema.js';
import {
  assetParams,
  collectionIdSchema,
  cursorSchema,
  idSchema,
  limitSchema,
  pageOf,
  tagSchema,
  timeSchema,
} from '../schemas/common.schema.js';

const tag = 'Assets';

export const createAsset = defineEndpoint({
  id: 'createAsset',
  method: 'POST',
  path: '/v1/assets',
  tag,
  summary: 'Submit a photo',
  description:
    'Answers at once; the photo is on its way. The same object or URL again is the same asset. With an ' +
    'Idempotency-Key a repeated request is answered from the first one.',
  access: ['assets:write'],
  body: { kind: 'form', schema: newAssetSchema, photos: { source: 1 } },
  idempotent: true,
  success: { status: 202, description: 'Accepted.', schema: acceptedAssetSchema },
  problems: [
    'API.COLLECTION_MISSING',
    'API.CONTRACT_MISMATCH',
    'API.SOURCE_NOT_ALLOWED',
    'API.IDEMPOTENCY_RUNNING',
    'API.IDEMPOTENCY_CONFLICT',
  ],
});

export const listAssets = defineEndpoint({
  id: 'listAssets',
  method: 'GET',
  path: '/v1/assets',
  tag,
  summary: 'List the photos of a collection',
  description:
    'By id. A page is looked for among at most 2000 photos, so it may be short, even empty, with a cursor to go on: ' +
    'the list ends where `next` is absent. A photo is listed once a worker has read it, and one that is submitted ' +
    'again has the state of its last run until the new one ends; GET /v1/assets/{asset} knows both at once.',
  access: ['assets:write', 'search'],
  query: z.strictObject({
    collection: collectionIdSchema,
    person: idSchema.optional().meta({ description: 'Only photos in which this person is, or may be.' }),
    tag: tagSchema.optional(),
    state: assetStateSchema.optional(),
    submittedAfter: timeSchema.optional(),
    submittedBefore: timeSchema.optional(),
    cursor: cursorSchema.optional(),
    limit: limitSchema(200, 50),
  }),
  success: { status: 200, description: 'A page.', schema: pageOf(assetSummarySchema) },
  problems: ['API.COLLECTION_MISSING'],
});

export const getAsset = defineEndpoint({
  id: 'getAsset',
  method: 'GET',
  path: '/v1/assets/{asset}',
  tag,
  summary: 'Where a photo is, and what was found in it',
  access: ['assets:write', 'search'],
  params: assetParams,
  success: { status: 200, description: 'The asset.', schema: assetSchema },
  problems: ['API.ASSET_MISSING'],
});

export const deleteAsset = defineEndpoint({
  id: 'deleteAsset',
  method: 'DELETE',
  path: '/v1/assets/{asset}',
  tag,
  summary: 'Delete a photo and every trace of it',
  description: 'Objects that you named by bucket and key stay where they are: they are yours.',
  access: ['assets:write'],
  params: assetParams,
  success: { status: 200, description: 'How much there was.', schema: removedAssetSchema },
  problems: ['API.ASSET_MISSING'],
});

export const getCrop = defineEndpoint({
  id: 'getCrop',
  method: 'GET',
  path: '/v1/assets/{asset}/faces/{face}/crop',
  tag,
  summary: 'The thumbnail of a face',
  access: ['assets:write', 'search'],
  params: assetParams.extend({ face: z.coerce.number().int().min(0).meta({ description: 'Index of the face.' }) }),
  success: {
    status: 200,
    description: '112 × 112 pixels, aligned.',
    contentType: 'image/jpeg',
    schema: z
      .custom<Uint8Array>((value) => value instanceof Uint8Array)
      .meta({ override: { type: 'string', format: 'binary' } }),
  },
  problems: ['API.ASSET_MISSING', 'API.ASSET_UNFINISHED', 'API.FACE_MISSING'],
});
