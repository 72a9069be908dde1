import { z } from 'zod';
import { sha256Schema, slugSchema, uuidSchema } from '../ids/names.schema.js';

/** How many things were removed, by the place they lay in. */
export const erasedCountsSchema = z.strictObject({
  /** Documents of the person, and of people merged into him. */
  people: z.int().min(0),
  /** Reference faces of the person. */
  references: z.int().min(0),
  /** Enrolment photos with all that was made of them. */
  assets: z.int().min(0),
  /** Photos, uploads and derived objects removed from the store. */
  objects: z.int().min(0),
  /** Faces in photos of others whose pixels and numbers were blanked in derived objects. */
  blankedFaces: z.int().min(0),
  /** Vectors removed from the index. */
  points: z.int().min(0),
  /** Result documents from which the person was taken out. */
  results: z.int().min(0),
  /** Jobs taken off the queues. */
  jobs: z.int().min(0),
  /** Event bodies removed. */
  events: z.int().min(0),
});
export type ErasedCounts = z.output<typeof erasedCountsSchema>;

/**
 * Proof of an erasure that says nothing of who was erased: whoever knows the person's id can compute `subject` and so
 * show that this receipt is about him.
 */
export const receiptDocumentSchema = z.strictObject({
  version: z.literal(1),
  id: uuidSchema,
  tenant: slugSchema,
  collection: slugSchema,
  /** SHA-256 of `erasure:<tenant>:<collection>:<person id>:<receipt id>`. */
  subject: sha256Schema,
  counts: erasedCountsSchema,
  suppressed: z.boolean(),
  /** Whether the queues' own files on disk were written anew; false where their server does not do so when asked. */
  queuesPurged: z.boolean().optional(),
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  /** SHA-256 of the canonical JSON of all of the above, so that a changed receipt is noticed. */
  digest: sha256Schema,
});
export type ReceiptDocument = z.output<typeof receiptDocumentSchema>;

/**
 * Whom and what not to take back: SHA-256 of salt, kind and value. One way: who is on the list cannot be read from it,
 * only whether somebody at hand is.
 */
export const suppressionDocumentSchema = z.strictObject({
  version: z.literal(1),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  digests: z.array(sha256Schema),
});
export type SuppressionDocument = z.output<typeof suppressionDocumentSchema>;
