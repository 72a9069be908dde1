import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { collectionParams } from '../schemas/common.schema.js';
import {
  detectAnswerSchema,
  detectRequestSchema,
  searchAnswerSchema,
  searchRequestSchema,
  verifyAnswerSchema,
  verifyRequestSchema,
} from '../schemas/search.schema.js';

const tag = 'Recognition';

export const search = defineEndpoint({
  id: 'search',
  method: 'POST',
  path: '/v1/collections/{collection}/search',
  tag,
  summary: 'Who is in this photo?',
  description: 'Answers for every face in it. Goes ahead of all bulk work. Without `store` nothing is left behind.',
  access: ['search'],
  ahead: true,
  params: collectionParams,
  body: { kind: 'form', schema: searchRequestSchema, photos: { image: 1 } },
  success: { status: 200, description: 'Every face with its candidates.', schema: searchAnswerSchema },
  problems: ['API.COLLECTION_MISSING', 'API.CONTRACT_MISMATCH', 'API.SOURCE_NOT_ALLOWED'],
});

export const verify = defineEndpoint({
  id: 'verify',
  method: 'POST',
  path: '/v1/verify',
  tag,
  summary: 'Do two photos show the same person? Is this that person?',
  description: 'Compares the largest face of each photo, or of one photo with all reference faces of a person.',
  access: ['search'],
  ahead: true,
  body: { kind: 'form', schema: verifyRequestSchema, photos: { a: 1, b: 1 } },
  success: { status: 200, description: 'How alike they are, and the decision.', schema: verifyAnswerSchema },
  problems: [
    'API.NO_FACE',
    'API.COLLECTION_MISSING',
    'API.PERSON_MISSING',
    'API.NO_REFERENCE',
    'API.CONTRACT_MISMATCH',
    'API.SOURCE_NOT_ALLOWED',
  ],
});

export const detect = defineEndpoint({
  id: 'detect',
  method: 'POST',
  path: '/v1/detect',
  tag,
  summary: 'Find faces: boxes, landmarks and quality only',
  access: ['search'],
  ahead: true,
  body: { kind: 'form', schema: detectRequestSchema, photos: { image: 1 } },
  success: { status: 200, description: 'Every face.', schema: detectAnswerSchema },
  problems: ['API.SOURCE_NOT_ALLOWED'],
});
