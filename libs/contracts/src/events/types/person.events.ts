import { z } from 'zod';
import { uuidSchema } from '../../ids/names.schema.js';
import { defineEvent } from '../define-event.js';
import { EXAMPLE } from './event.parts.js';

export const personEnrolled = defineEvent({
  type: 'person.enrolled',
  version: 1,
  summary: 'A face of a photo became a reference of a person.',
  scope: 'collection',
  data: z.strictObject({
    personId: uuidSchema,
    externalId: z.string().max(256).optional().meta({ description: 'Your own name for the person.' }),
    references: z.int().min(1).meta({ description: 'Reference faces of the person, up to and with this one.' }),
    referenceId: uuidSchema,
    assetId: uuidSchema.meta({ description: 'The photo it was taken from.' }),
    faceIndex: z.int().min(0),
  }),
  example: {
    personId: EXAMPLE.personId,
    externalId: 'user-42',
    references: 2,
    referenceId: '5f1c8c9e-7c0a-5a52-8b0f-1d7f0a9f3b33',
    assetId: EXAMPLE.assetId,
    faceIndex: 0,
  },
});

export const personErased = defineEvent({
  type: 'person.erased',
  version: 1,
  summary: 'Everything that said anything of a person is gone: remove what you keep of him.',
  scope: 'collection',
  data: z.strictObject({
    personId: uuidSchema,
    receiptId: uuidSchema.meta({ description: 'Of the proof of erasure. People who were merged share one.' }),
    suppressed: z.boolean().meta({ description: 'Whether he is kept from coming back.' }),
  }),
  example: {
    personId: EXAMPLE.personId,
    receiptId: 'b4b4c0e1-9c5e-4a57-9d43-3f2a1c0d5e44',
    suppressed: true,
  },
});
