import { bulkOutcomeSchema, ledgerEntrySchema, uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import {
  collectionIdSchema,
  contractSchema,
  externalIdSchema,
  idSchema,
  tagSchema,
  timeSchema,
} from './common.schema.js';
import { objectSourceSchema, urlSourceSchema } from './photo.schema.js';

/** Items of one request; more of them are a manifest. */
const MOST_ITEMS = 10_000;

export const jobParams = z.object({ job: idSchema.meta({ description: 'Id of a bulk job.' }) });

const prefixSchema = z
  .strictObject({
    bucket: z.string().min(3).max(63),
    prefix: z.string().max(1024),
    since: timeSchema.optional().meta({ description: 'Only objects written after this.' }),
  })
  .meta({ id: 'PrefixSource', description: 'Every object below a prefix that is a photo by its name.' });

const itemTexts = { externalId: externalIdSchema.optional(), tags: z.array(tagSchema).max(30).optional() };

const newJobItemSchema = z
  .union([
    z.strictObject({ ...objectSourceSchema.shape, ...itemTexts }),
    z.strictObject({ ...urlSourceSchema.shape, ...itemTexts }),
  ])
  .meta({ id: 'NewJobItem', description: 'An object or a URL, as a line of a manifest.' });

const SOURCES = ['manifest', 'prefix', 'items'] as const;

export const newJobSchema = z
  .strictObject({
    manifest: objectSourceSchema.optional().meta({
      description: 'A JSONL or CSV file, gzip or not: `key` or `url`, `externalId`, `tags`.',
    }),
    prefix: prefixSchema.optional(),
    items: z.array(newJobItemSchema).min(1).max(MOST_ITEMS).optional(),
    collection: collectionIdSchema,
    contract: contractSchema.optional(),
    onlyNew: z.boolean().default(false).meta({ description: 'Photos that have a result keep it.' }),
    weight: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({ description: 'Share of the work among your jobs of the same time.' }),
    window: z.int().min(1).max(1000).default(200).meta({ description: 'Photos on their way at a time.' }),
    notify: z.enum(['summary', 'each', 'none']).default('summary'),
    tags: z.array(tagSchema).max(20).optional().meta({ description: 'Added to every photo.' }),
    expectedItems: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .meta({ description: 'For the estimate of the end, where the job cannot know it.' }),
  })
  .refine((job) => SOURCES.filter((name) => job[name] !== undefined).length === 1, {
    message: 'name exactly one of manifest, prefix and items',
  })
  .meta({ id: 'NewJob' });

export const jobStateSchema = z
  .enum(['waiting', 'running', 'paused', 'cancelled', 'completed', 'failed'])
  .meta({ id: 'JobState' });

const countsSchema = z
  .object({ done: z.int(), no_faces: z.int(), duplicate: z.int(), failed: z.int(), cancelled: z.int() })
  .meta({ id: 'JobCounts', description: 'Photos by how they ended; together they are `accounted`.' });

const placedObjectSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  url: z.string().optional().meta({ description: 'Reads it without a key for an hour, where the store can do so.' }),
});

const stageSchema = z
  .object({ stage: z.string(), waiting: z.int(), active: z.int(), delayed: z.int() })
  .meta({ id: 'JobStage', description: 'Photos of the job that are at this stage now.' });

export const jobSummarySchema = z
  .object({
    id: uuidSchema,
    collection: collectionIdSchema,
    source: z.string().meta({ description: 'Where the items are listed.' }),
    state: jobStateSchema,
    wish: z
      .enum(['run', 'pause', 'cancel'])
      .meta({ description: 'What was asked last; `state` follows within seconds.' }),
    createdAt: timeSchema,
    startedAt: timeSchema.optional(),
    endedAt: timeSchema.optional(),
    total: z.int().optional().meta({ description: 'Items, where that is known or was told.' }),
    accounted: z.int().meta({ description: 'Items that have ended and are in the ledger.' }),
    counts: countsSchema,
  })
  .meta({ id: 'JobSummary' });

export const jobSchema = z
  .object({
    ...jobSummarySchema.shape,
    contract: contractSchema,
    retryOf: uuidSchema.optional().meta({ description: 'The job whose failed items these are.' }),
    onlyNew: z.boolean(),
    weight: z.int(),
    window: z.int(),
    notify: z.string(),
    tags: z.array(z.string()),
    failures: z.record(z.string(), z.int()).meta({ description: 'Failed items by error code.' }),
    failure: z
      .object({ code: z.string(), message: z.string(), remedy: z.string() })
      .optional()
      .meta({ description: 'Why the job as a whole failed.' }),
    ratePerSecond: z.number().optional().meta({ description: 'Items per second over the last minute.' }),
    secondsLeft: z.number().optional().meta({ description: 'At that rate, where the total is known.' }),
    stages: z.array(stageSchema).meta({ description: 'What is on its way, by stage.' }),
    results: placedObjectSchema
      .optional()
      .meta({ description: 'JSONL, gzip; one line per item, once the job has ended.' }),
    summary: placedObjectSchema.optional(),
  })
  .meta({ id: 'Job' });

export const jobItemSchema = z
  .object({
    ...ledgerEntrySchema.shape,
    duplicateOf: z.object({ assetId: uuidSchema, line: z.int().optional() }).optional(),
    faces: z
      .array(z.object({ decision: z.string(), personId: uuidSchema.optional(), score: z.number().optional() }))
      .optional(),
    failure: z.object({ stage: z.string(), code: z.string(), message: z.string(), retryable: z.boolean() }).optional(),
  })
  .meta({ id: 'JobItem', description: 'How one item ended.' });

export const jobOutcomeSchema = z.enum(bulkOutcomeSchema.options).meta({ id: 'JobOutcome' });
export const errorCodeSchema = z
  .string()
  .regex(/^[A-Z0-9_]+\.[A-Z0-9_]+$/, 'an error code such as INGEST.SOURCE_MISSING')
  .max(64);

export const retryWishSchema = z
  .strictObject({
    code: errorCodeSchema.optional().meta({ description: 'Only items that failed so. Default: all that failed.' }),
  })
  .meta({ id: 'JobRetry' });

export type NewJobBody = z.output<typeof newJobSchema>;
export type NewJobItem = z.output<typeof newJobItemSchema>;
export type JobBody = z.input<typeof jobSchema>;
export type JobSummaryBody = z.input<typeof jobSummarySchema>;
