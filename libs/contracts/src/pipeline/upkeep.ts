import { z } from 'zod';
import { contractIdSchema, slugSchema, uuidSchema } from '../ids/names.schema.js';
import { definePipeline } from '../stage/define-pipeline.js';
import { defineStage } from '../stage/define-stage.js';
import { laneSchema } from './jobs.schema.js';

/** A person has changed: faces that may be his, and those that were, are to be compared again. */
export const rebindJobSchema = z.strictObject({
  tenant: slugSchema,
  collection: slugSchema,
  contract: contractIdSchema,
  personId: uuidSchema,
  /** Id of the work; named as in every other job. Follows from the person and the change. */
  assetId: uuidSchema,
  lane: laneSchema,
});
export type RebindJob = z.output<typeof rebindJobSchema>;

export const rebindOutputSchema = z.strictObject({
  assetId: uuidSchema,
  /** Assets that were put back to the match stage. */
  assets: z.int().min(0),
});
export type RebindOutput = z.output<typeof rebindOutputSchema>;

/** Work on what was tagged before, behind everything that somebody waits for. */
export const UPKEEP = definePipeline({
  rebind: defineStage({
    name: 'rebind',
    version: 1,
    summary: 'Finds the faces that a changed person may be or was, and puts their assets back to the match stage.',
    input: rebindJobSchema,
    output: rebindOutputSchema,
    retry: { attempts: 12, baseDelayMs: 1_000, maxDelayMs: 120_000 },
    timeoutMs: 600_000,
    lockMs: 30_000,
    concurrency: 2,
    next: null,
  }),
});
