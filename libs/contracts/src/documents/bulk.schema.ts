import { z } from 'zod';
import { contractIdSchema, slugSchema, uuidSchema } from '../ids/names.schema.js';
import { decisionSchema } from './result.schema.js';

/** Where the items of a bulk job are listed. */
export const bulkSourceSchema = z.discriminatedUnion('kind', [
  /** One item per line, JSON or CSV, gzip or not: told by the bytes, not by the name. */
  z.strictObject({ kind: z.literal('manifest'), bucket: z.string().min(3).max(63), key: z.string().min(1).max(1024) }),
  /** Every object below a prefix that is a photo by its name; with `since`, those that were written after it. */
  z.strictObject({
    kind: z.literal('prefix'),
    bucket: z.string().min(3).max(63),
    prefix: z.string().max(1024),
    since: z.iso.datetime().optional(),
  }),
]);
export type BulkSource = z.output<typeof bulkSourceSchema>;

export const bulkOptionsSchema = z.strictObject({
  /** Items whose asset has a result already are not worked on again; they count as they ended then. */
  onlyNew: z.boolean(),
  /** Share of the tenant's work among jobs of the same time, relative to theirs. */
  weight: z.int().min(1).max(100),
  /** Items on the belt at a time. */
  window: z.int().min(1).max(1000),
  /** Added to every item. */
  tags: z.array(z.string().max(64)).max(20).optional(),
  notify: z.enum(['summary', 'each', 'none']),
});
export type BulkOptions = z.output<typeof bulkOptionsSchema>;

/** What was asked for. Written by whoever asks; the feeder reads it. */
export const bulkJobDocumentSchema = z.strictObject({
  version: z.literal(1),
  tenant: slugSchema,
  id: uuidSchema,
  collection: slugSchema,
  contract: contractIdSchema,
  source: bulkSourceSchema,
  options: bulkOptionsSchema,
  /** What the job is to do now; a cancelled one never runs again. */
  wish: z.enum(['run', 'pause', 'cancel']),
  /** The job whose failed items these are. */
  retryOf: uuidSchema.optional(),
  /** Also the submission time of every item, by which its result is told from an earlier one. */
  createdAt: z.iso.datetime(),
  /** Items that are expected, where whoever asked knows: for the estimate of the end, and nothing else. */
  total: z.int().min(1).optional(),
});
export type BulkJobDocument = z.output<typeof bulkJobDocumentSchema>;

export const bulkOutcomeSchema = z.enum(['done', 'no_faces', 'duplicate', 'failed', 'cancelled']);
export type BulkOutcome = z.output<typeof bulkOutcomeSchema>;

const countsSchema = z.strictObject({
  done: z.int().min(0),
  no_faces: z.int().min(0),
  duplicate: z.int().min(0),
  failed: z.int().min(0),
  cancelled: z.int().min(0),
});
export type BulkCounts = z.output<typeof countsSchema>;

/** How far the job is. Written by the feeder that owns it, and by no other. */
export const bulkProgressDocumentSchema = z.strictObject({
  version: z.literal(1),
  state: z.enum(['waiting', 'running', 'paused', 'cancelled', 'completed', 'failed']),
  /** Token of the lease under which this was written: a feeder with a lower one writes nothing. */
  fence: z.int().min(0),
  /** Items that are accounted for, contiguous from the first: all of them lie in ledger segments. */
  accounted: z.int().min(0),
  /** Where to go on in the source after those items; opaque, the source's reader understands it. */
  cursor: z.string().max(2048),
  counts: countsSchema,
  /** Of failed items, by error code. */
  failures: z.record(z.string(), z.int().min(1)),
  /** Why the whole job failed: its source cannot be read. */
  failure: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).optional(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime(),
});
export type BulkProgressDocument = z.output<typeof bulkProgressDocumentSchema>;

/** One item and how it ended: a line of a ledger segment and of the results file. */
export const ledgerEntrySchema = z.strictObject({
  /** 1-based: the line of a manifest, or the place in a listing. */
  line: z.int().min(1),
  /** The item as it was named; of a broken line its start. */
  item: z.string().max(2048),
  externalId: z.string().max(256).optional(),
  outcome: bulkOutcomeSchema,
  assetId: uuidSchema.optional(),
  /** The asset with the same bytes, or the line that named the same item before. */
  duplicateOf: z.strictObject({ assetId: uuidSchema, line: z.int().min(1).optional() }).optional(),
  faces: z
    .array(z.strictObject({ decision: decisionSchema, personId: uuidSchema.optional(), score: z.number().optional() }))
    .optional(),
  failure: z
    .strictObject({ stage: z.string(), code: z.string(), message: z.string(), retryable: z.boolean() })
    .optional(),
});
export type LedgerEntry = z.output<typeof ledgerEntrySchema>;
