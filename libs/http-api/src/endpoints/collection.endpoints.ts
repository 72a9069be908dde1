import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { collectionChangesSchema, collectionSchema, newCollectionSchema } from '../schemas/collection.schema.js';
import { collectionParams, cursorSchema, limitSchema, pageOf } from '../schemas/common.schema.js';

const tag = 'Collections';

export const createCollection = defineEndpoint({
  id: 'createCollection',
  method: 'POST',
  path: '/v1/collections',
  tag,
  summary: 'Create a collection',
  access: ['admin'],
  body: { kind: 'json', schema: newCollectionSchema },
  success: { status: 201, description: 'The collection.', schema: collectionSchema },
  problems: ['API.COLLECTION_EXISTS', 'API.CONTRACT_MISMATCH', 'API.THRESHOLD_UNKNOWN'],
});

export const listCollections = defineEndpoint({
  id: 'listCollections',
  method: 'GET',
  path: '/v1/collections',
  tag,
  summary: 'List collections',
  access: 'any',
  query: z.strictObject({ cursor: cursorSchema.optional(), limit: limitSchema(200, 50) }),
  success: { status: 200, description: 'A page, by id.', schema: pageOf(collectionSchema) },
  problems: [],
});

export const getCollection = defineEndpoint({
  id: 'getCollection',
  method: 'GET',
  path: '/v1/collections/{collection}',
  tag,
  summary: 'Read a collection',
  access: 'any',
  params: collectionParams,
  success: { status: 200, description: 'The collection.', schema: collectionSchema },
  problems: ['API.COLLECTION_MISSING'],
});

export const updateCollection = defineEndpoint({
  id: 'updateCollection',
  method: 'PATCH',
  path: '/v1/collections/{collection}',
  tag,
  summary: 'Change the settings of a collection',
  description:
    'Decisions made before stay as they are; photos submitted again are decided anew. Workers go by the new settings ' +
    'after at most five seconds.',
  access: ['admin'],
  params: collectionParams,
  body: { kind: 'json', schema: collectionChangesSchema },
  success: { status: 200, description: 'The collection.', schema: collectionSchema },
  problems: ['API.COLLECTION_MISSING', 'API.THRESHOLD_UNKNOWN'],
});

export const deleteCollection = defineEndpoint({
  id: 'deleteCollection',
  method: 'DELETE',
  path: '/v1/collections/{collection}',
  tag,
  summary: 'Delete a collection with its people and photos',
  description: 'Returns when everything is gone. Cut short, it may be called again and goes on.',
  access: ['admin'],
  params: collectionParams,
  success: {
    status: 200,
    description: 'How much there was.',
    schema: z.object({ assets: z.int(), people: z.int() }).meta({ id: 'RemovedCollection' }),
  },
  problems: ['API.COLLECTION_MISSING'],
});
