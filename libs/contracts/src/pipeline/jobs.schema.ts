import { z } from 'zod';
import { bulkItemSchema } from '../documents/bulk-item.schema.js';
import { intentSchema } from '../documents/intent.schema.js';
import { photoSchema } from '../documents/photo.schema.js';
import { sourceSchema } from '../documents/source.schema.js';
import { toldFactsSchema } from '../events/making/told.facts.js';
import { contractIdSchema, slugSchema, uuidSchema } from '../ids/names.schema.js';

/** Interactive work is never behind bulk work. */
export const laneSchema = z.enum(['interactive', 'bulk']);
export type Lane = z.output<typeof laneSchema>;

/** What every job of an asset carries. Small on purpose: keys derive from it, pixels and vectors never enter it. */
const assetJob = {
  tenant: slugSchema,
  collection: slugSchema,
  assetId: uuidSchema,
  contract: contractIdSchema,
  lane: laneSchema,
  intent: intentSchema,
  submittedAt: z.iso.datetime(),
  /** Its end is not told: it is an item of a bulk job that is told of as a whole, or has been told before. */
  quiet: z.literal(true).optional(),
};

/** Strict objects: a job of another version is refused, never read halfway. */
export const ingestJobSchema = z.strictObject({
  ...assetJob,
  source: sourceSchema,
  externalId: z.string().max(256).optional(),
  tags: z.array(z.string().max(64)).max(50).optional(),
  /** Set for an item of a bulk job. */
  bulk: bulkItemSchema.optional(),
});

/** What its events say of the asset; only where its end is told, or may change what was told. */
const facts = toldFactsSchema.optional();

/** The asset was known before, so somebody may have said whose a face of it is. */
const again = z.literal(true).optional();

export const detectJobSchema = z.strictObject({
  ...assetJob,
  photo: photoSchema,
  /** Where the photo lies when it was in our bucket before; absent: under its content key. */
  photoKey: z.string().max(1024).optional(),
  /** The same bytes were stored before, so crops and embeddings may exist already. */
  seen: z.boolean(),
  again,
  facts,
});

export const embedJobSchema = z.strictObject({
  ...assetJob,
  photo: photoSchema,
  seen: z.boolean(),
  again,
  facts,
  faces: z.int().min(0),
});

export const matchJobSchema = z.strictObject({ ...assetJob, photo: photoSchema, again, facts, faces: z.int().min(0) });

/** What is left to say when an asset is done; the result document has the rest. */
export const matchOutputSchema = z.strictObject({
  assetId: uuidSchema,
  faces: z.int().min(0),
  matched: z.int().min(0),
});

export type IngestJob = z.output<typeof ingestJobSchema>;
export type DetectJob = z.output<typeof detectJobSchema>;
export type EmbedJob = z.output<typeof embedJobSchema>;
export type MatchJob = z.output<typeof matchJobSchema>;
export type MatchOutput = z.output<typeof matchOutputSchema>;
export type AssetJob = Pick<IngestJob, keyof typeof assetJob>;
