import { z } from 'zod';
import { contractIdSchema, sha256Schema, slugSchema, uuidSchema } from '../ids/names.schema.js';
import { faceQualitySchema } from './face.schema.js';

/** One enrolled face of a person; its vector is row `faceIndex` of the photo's embeddings object. */
export const referenceSchema = z.strictObject({
  pointId: uuidSchema,
  assetId: uuidSchema,
  sha256: sha256Schema,
  faceIndex: z.int().min(0),
  contract: contractIdSchema,
  quality: faceQualitySchema,
});
export type Reference = z.output<typeof referenceSchema>;

/** A known identity of a collection with its reference faces. */
export const personDocumentSchema = z.strictObject({
  version: z.literal(1),
  tenant: slugSchema,
  collection: slugSchema,
  id: uuidSchema,
  name: z.string().min(1).max(256),
  references: z.array(referenceSchema).max(1000),
  createdAt: z.iso.datetime(),
});

export type PersonDocument = z.output<typeof personDocumentSchema>;
