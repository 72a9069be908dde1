import { definePipeline } from '../stage/define-pipeline.js';
import { defineStage } from '../stage/define-stage.js';
import type { RetryPolicy } from '../stage/retry-policy.js';
import { detectJobSchema, embedJobSchema, ingestJobSchema, matchJobSchema, matchOutputSchema } from './jobs.schema.js';

/** Outlasts a restart of any server the stages talk to: about 13 minutes from the first run to the last. */
const PATIENT: RetryPolicy = { attempts: 12, baseDelayMs: 1_000, maxDelayMs: 120_000 };

/** The table of the whole product: what happens to a photo, in which order, under which limits. */
export const PIPELINE = definePipeline({
  ingest: defineStage({
    name: 'ingest',
    version: 2,
    summary: 'Fetches the photo, checks and hashes it, and stores it once per content.',
    input: ingestJobSchema,
    output: detectJobSchema,
    retry: PATIENT,
    timeoutMs: 120_000,
    lockMs: 30_000,
    concurrency: 8,
    next: 'detect',
  }),
  detect: defineStage({
    name: 'detect',
    version: 2,
    summary: 'Decodes the photo, finds its faces and stores them as one strip of aligned crops.',
    input: detectJobSchema,
    output: embedJobSchema,
    retry: PATIENT,
    timeoutMs: 120_000,
    lockMs: 30_000,
    concurrency: 4,
    next: 'embed',
  }),
  embed: defineStage({
    name: 'embed',
    version: 2,
    summary: 'Turns the crops into unit vectors, batched across jobs.',
    input: embedJobSchema,
    output: matchJobSchema,
    retry: PATIENT,
    timeoutMs: 120_000,
    lockMs: 30_000,
    concurrency: 8,
    next: 'match',
  }),
  match: defineStage({
    name: 'match',
    version: 2,
    summary: 'Compares the vectors with enrolled persons, decides, and writes the result document.',
    input: matchJobSchema,
    output: matchOutputSchema,
    retry: PATIENT,
    timeoutMs: 60_000,
    lockMs: 30_000,
    concurrency: 8,
    next: null,
  }),
});

export type StageName = keyof typeof PIPELINE.stages;
