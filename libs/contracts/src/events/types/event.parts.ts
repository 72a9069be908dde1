import { z } from 'zod';
import { bulkItemSchema } from '../../documents/bulk-item.schema.js';
import { thresholdSchema } from '../../documents/collection.schema.js';
import { boxSchema } from '../../documents/face.schema.js';
import { uuidSchema } from '../../ids/names.schema.js';
import { jsonBytes, MAX_MESSAGE, MAX_SOURCE_BYTES, MAX_TAGS_BYTES } from '../event.limits.js';

const fits =
  (bytes: number) =>
  (value: unknown): boolean =>
    jsonBytes(value) <= bytes;

export const messageSchema = z.string().max(MAX_MESSAGE).meta({ description: 'For people; cut when it is long.' });
export const codeSchema = z.string().max(64).meta({ description: 'Stable: decide by it.' });
export const keySchema = z.string().max(1024);

/** By which a consumer knows the asset of an event again. */
export const assetNames = {
  assetId: uuidSchema,
  externalId: z.string().max(256).optional().meta({ description: 'Your own name for the asset.' }),
};

/** What was said of an asset when it was submitted. */
export const assetFacts = {
  ...assetNames,
  tags: z
    .array(z.string().max(64))
    .max(50)
    .refine(fits(MAX_TAGS_BYTES), `at most ${MAX_TAGS_BYTES} bytes of JSON`)
    .optional()
    .meta({ description: 'Your own. Left out when they do not fit into an event; the asset has them.' }),
  source: z.string().refine(fits(MAX_SOURCE_BYTES), `at most ${MAX_SOURCE_BYTES} bytes of JSON`).optional().meta({
    description: 'Where the photo came from; of a URL without query and user. Left out when it does not fit.',
  }),
  bulk: bulkItemSchema.optional().meta({ description: 'The line of a bulk job that named the asset.' }),
  submittedAt: z.iso.datetime(),
};

/** A face of an asset. */
export const faceNames = {
  ...assetNames,
  faceId: uuidSchema.meta({ description: 'By which the API assigns and rejects the face.' }),
  index: z.int().min(0).meta({ description: 'From 0, the surest first.' }),
  box: boxSchema.meta({ description: 'Pixels of the photo as displayed; may reach past its edges.' }),
};

export const scoreSchema = z.number().meta({ description: 'Cosine with the best reference face of the person.' });
export const barSchema = thresholdSchema.meta({ description: 'The bar that the decision was made at.' });

/** Values of the examples: one party, one photo, one person. */
export const EXAMPLE = {
  assetId: 'd4846d85-da92-518f-b757-6e02ab435ad6',
  faceId: '0f0a3f0a-3f5b-5f43-8f6e-5a3a5a1a1c11',
  personId: '8d2f5a3e-57a5-5b5f-9b1c-2f6f4c1d7e22',
  jobId: '3b241101-e2bb-4255-8caf-4136c566a962',
  externalId: 'party-0117',
  box: { x: 412, y: 180.5, width: 96, height: 121.5 },
  threshold: { cosine: 0.45, fmr: 0.0001 },
  submittedAt: '2026-03-01T18:20:31.402Z',
} as const;
