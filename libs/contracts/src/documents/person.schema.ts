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
  addedAt: z.iso.datetime().optional(),
  /** The person it was a reference of before the two were merged. */
  mergedFrom: uuidSchema.optional(),
});
export type Reference = z.output<typeof referenceSchema>;

/** What the caller wants to remember of a person: at most 50 short texts. */
export const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(1024))
  .refine((metadata) => Object.keys(metadata).length <= 50, 'at most 50 entries');

/** Faces of which somebody said that they are not this person. */
const MAX_REJECTED = 10_000;

/** A known identity of a collection with its reference faces. */
export const personDocumentSchema = z.strictObject({
  version: z.literal(1),
  tenant: slugSchema,
  collection: slugSchema,
  id: uuidSchema,
  name: z.string().min(1).max(256),
  /** The caller's own name for the person; unique within the collection, because the id follows from it. */
  externalId: z.string().min(1).max(256).optional(),
  metadata: metadataSchema.optional(),
  references: z.array(referenceSchema).max(1000),
  /** Index points of faces that are not this person, whatever their score: somebody said so. */
  rejected: z.array(uuidSchema).max(MAX_REJECTED).optional(),
  /** Set: this person turned out to be that one. The document stays as it was, so that the merge can be undone. */
  mergedInto: uuidSchema.optional(),
  /** People that turned out to be this one. */
  absorbed: z.array(uuidSchema).max(1000).optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime().optional(),
});

export type PersonDocument = z.output<typeof personDocumentSchema>;
