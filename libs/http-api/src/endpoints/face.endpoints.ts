import { receiptDocumentSchema } from '@facelane/contracts';
import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { faceParams, idSchema } from '../schemas/common.schema.js';
import { resultFaceSchema } from '../schemas/face.schema.js';

const whoSchema = z.strictObject({ person: idSchema }).meta({ id: 'FaceOwner' });

export const assignFace = defineEndpoint({
  id: 'assignFace',
  method: 'POST',
  path: '/v1/faces/{face}/assign',
  tag: 'Faces',
  summary: 'This face is that person',
  description: 'Outlives every later comparison.',
  access: ['people:write'],
  params: faceParams,
  body: { kind: 'json', schema: whoSchema },
  success: { status: 200, description: 'The face.', schema: resultFaceSchema },
  problems: ['API.FACE_MISSING', 'API.PERSON_MISSING', 'API.PERSON_MERGED'],
});

export const rejectFace = defineEndpoint({
  id: 'rejectFace',
  method: 'POST',
  path: '/v1/faces/{face}/reject',
  tag: 'Faces',
  summary: 'This face is not that person',
  description: 'Remembered: the face is never matched to that person again, until it is assigned.',
  access: ['people:write'],
  params: faceParams,
  body: { kind: 'json', schema: whoSchema },
  success: { status: 200, description: 'The face, decided without that person.', schema: resultFaceSchema },
  problems: ['API.FACE_MISSING', 'API.PERSON_MISSING'],
});

export const getReceipt = defineEndpoint({
  id: 'getReceipt',
  method: 'GET',
  path: '/v1/receipts/{receipt}',
  tag: 'People',
  summary: 'The receipt of an erasure',
  access: ['people:write'],
  params: z.object({ receipt: idSchema }),
  success: {
    status: 200,
    description: 'What was removed from where, and when.',
    schema: z.object(receiptDocumentSchema.shape).meta({ id: 'Receipt' }),
  },
  problems: ['API.RECEIPT_MISSING'],
});
