import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { idSchema } from '../schemas/common.schema.js';
import { newUploadSchema, uploadSchema } from '../schemas/asset.schema.js';

export const createUpload = defineEndpoint({
  id: 'createUpload',
  method: 'POST',
  path: '/v1/uploads',
  tag: 'Uploads',
  summary: 'Get an address to upload a photo to, past the API',
  access: ['assets:write', 'people:write', 'search'],
  body: { kind: 'json', schema: newUploadSchema },
  success: { status: 201, description: 'Where to PUT the photo.', schema: uploadSchema },
  problems: [],
});

export const putUpload = defineEndpoint({
  id: 'putUpload',
  method: 'PUT',
  path: '/v1/uploads/{tenant}/{upload}',
  tag: 'Uploads',
  summary: 'Take an upload, where the object store cannot do so itself',
  description: 'Only through an address that POST /v1/uploads gave out.',
  access: 'none',
  params: z.object({ tenant: z.string().max(63), upload: idSchema }),
  query: z.strictObject({
    type: z.string().max(80),
    expires: z.coerce.number().int(),
    signature: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  body: {
    kind: 'bytes',
    schema: z.instanceof(Uint8Array).meta({ override: { type: 'string', format: 'binary' } }),
  },
  success: { status: 204, description: 'Stored.' },
  problems: ['API.UPLOAD_REFUSED'],
});
