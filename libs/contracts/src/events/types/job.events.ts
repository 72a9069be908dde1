import { z } from 'zod';
import { bulkProgressDocumentSchema } from '../../documents/bulk.schema.js';
import { uuidSchema } from '../../ids/names.schema.js';
import { defineEvent } from '../define-event.js';
import { MAX_CODES } from '../event.limits.js';
import { codeSchema, EXAMPLE, keySchema, messageSchema } from './event.parts.js';

const { state, counts } = bulkProgressDocumentSchema.shape;
const { jobId } = EXAMPLE;

const account = {
  jobId: uuidSchema,
  counts: counts.meta({ description: 'Lines by how they ended.' }),
  failures: z
    .record(codeSchema, z.int().min(1))
    .refine((failures) => Object.keys(failures).length <= MAX_CODES, `at most ${MAX_CODES} codes`)
    .meta({ description: 'Failed lines by error code.' }),
  total: z.int().min(1).optional().meta({ description: 'Lines that were expected, where whoever asked knew.' }),
  startedAt: z.iso.datetime().optional(),
};

export const jobProgress = defineEvent({
  type: 'job.progress',
  version: 1,
  summary: 'A bulk job has come further, or was paused or taken up again.',
  scope: 'collection',
  data: z.strictObject({
    ...account,
    state: state.extract(['waiting', 'running', 'paused']),
    accounted: z.int().min(0).meta({ description: 'Lines that have ended and are in the ledger.' }),
  }),
  example: {
    jobId,
    counts: { done: 1_830, no_faces: 120, duplicate: 45, failed: 5, cancelled: 0 },
    failures: { 'INGEST.NOT_AN_IMAGE': 5 },
    total: 10_000,
    startedAt: '2026-03-01T18:20:32.000Z',
    state: 'running',
    accounted: 2_000,
  },
});

export const jobCompleted = defineEvent({
  type: 'job.completed',
  version: 1,
  summary: 'A bulk job has ended, whichever way, and every line of it is accounted for.',
  scope: 'collection',
  data: z.strictObject({
    ...account,
    state: state.extract(['completed', 'cancelled', 'failed']),
    lines: z.int().min(0).meta({ description: 'Lines in all: the sum of the counts.' }),
    failure: z
      .strictObject({ code: codeSchema, message: messageSchema })
      .optional()
      .meta({ description: 'Why the job as a whole failed.' }),
    retryOf: uuidSchema.optional().meta({ description: 'The job whose failed lines these are.' }),
    endedAt: z.iso.datetime(),
    durationMs: z.int().min(0).optional().meta({ description: 'From its start to its end.' }),
    resultsKey: keySchema.meta({ description: 'Key of the results file, in the bucket of the deployment.' }),
    summaryKey: keySchema.meta({ description: 'Key of the summary, in the same bucket.' }),
  }),
  example: {
    jobId,
    counts: { done: 9_150, no_faces: 600, duplicate: 225, failed: 25, cancelled: 0 },
    failures: { 'INGEST.NOT_AN_IMAGE': 25 },
    total: 10_000,
    startedAt: '2026-03-01T18:20:32.000Z',
    state: 'completed',
    lines: 10_000,
    endedAt: '2026-03-01T18:31:02.500Z',
    durationMs: 630_500,
    resultsKey: `tenants/acme/jobs/${jobId}/results.jsonl.gz`,
    summaryKey: `tenants/acme/jobs/${jobId}/summary.json`,
  },
});
