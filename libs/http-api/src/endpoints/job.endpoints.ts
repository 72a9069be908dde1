import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { collectionIdSchema, cursorSchema, limitSchema, pageOf } from '../schemas/common.schema.js';
import {
  errorCodeSchema,
  jobItemSchema,
  jobOutcomeSchema,
  jobParams,
  jobSchema,
  jobStateSchema,
  jobSummarySchema,
  newJobSchema,
  retryWishSchema,
} from '../schemas/job.schema.js';

const tag = 'Bulk jobs';
const access = ['assets:write'] as const;

export const createJob = defineEndpoint({
  id: 'createJob',
  method: 'POST',
  path: '/v1/jobs',
  tag,
  summary: 'Tag everything that a manifest, a prefix or a list names',
  description:
    'Answers at once. Every item ends as `done`, `no_faces`, `duplicate`, `failed` or `cancelled`; broken lines of a ' +
    'manifest are failed items, and the job goes on. With an Idempotency-Key a repeated request is the same job.',
  access,
  body: { kind: 'json', schema: newJobSchema },
  idempotent: true,
  success: { status: 202, description: 'Accepted.', schema: jobSchema },
  problems: [
    'API.COLLECTION_MISSING',
    'API.CONTRACT_MISMATCH',
    'API.SOURCE_NOT_ALLOWED',
    'API.IDEMPOTENCY_RUNNING',
    'API.IDEMPOTENCY_CONFLICT',
  ],
});

export const listJobs = defineEndpoint({
  id: 'listJobs',
  method: 'GET',
  path: '/v1/jobs',
  tag,
  summary: 'List the bulk jobs',
  description: 'By id. A page may be short, even empty, with a cursor to go on: the list ends where `next` is absent.',
  access,
  query: z.strictObject({
    collection: collectionIdSchema.optional(),
    state: jobStateSchema.optional(),
    cursor: cursorSchema.optional(),
    limit: limitSchema(100, 20),
  }),
  success: { status: 200, description: 'A page.', schema: pageOf(jobSummarySchema) },
  problems: [],
});

export const getJob = defineEndpoint({
  id: 'getJob',
  method: 'GET',
  path: '/v1/jobs/{job}',
  tag,
  summary: 'How far a job is',
  access,
  params: jobParams,
  success: { status: 200, description: 'The job.', schema: jobSchema },
  problems: ['API.JOB_MISSING'],
});

export const listJobItems = defineEndpoint({
  id: 'listJobItems',
  method: 'GET',
  path: '/v1/jobs/{job}/items',
  tag,
  summary: 'How each item ended',
  description:
    'In the order of their lines, as far as they are accounted for. A page may be short, even empty, with a cursor to ' +
    'go on: the list ends where `next` is absent.',
  access,
  params: jobParams,
  query: z.strictObject({
    outcome: jobOutcomeSchema.optional(),
    code: errorCodeSchema.optional(),
    cursor: cursorSchema.optional(),
    limit: limitSchema(1000, 100),
  }),
  success: { status: 200, description: 'A page.', schema: pageOf(jobItemSchema) },
  problems: ['API.JOB_MISSING'],
});

export const getJobResults = defineEndpoint({
  id: 'getJobResults',
  method: 'GET',
  path: '/v1/jobs/{job}/results',
  tag,
  summary: 'Download how every item ended',
  description: 'JSONL, gzip: one line per item in their order. Of a job that runs, what is accounted for so far.',
  access,
  params: jobParams,
  success: {
    status: 200,
    description: 'The file.',
    contentType: 'application/gzip',
    stream: 'bytes',
    schema: z
      .custom<Uint8Array>((value) => value instanceof Uint8Array)
      .meta({ override: { type: 'string', format: 'binary' } }),
  },
  problems: ['API.JOB_MISSING'],
});

export const followJob = defineEndpoint({
  id: 'followJob',
  method: 'GET',
  path: '/v1/jobs/{job}/events',
  tag,
  summary: 'Follow a job',
  description:
    'Server-sent events: the job as GET /v1/jobs/{job} shows it, at once, and again when something has changed, at ' +
    'most once a second. The stream ends when the job has ended.',
  access,
  params: jobParams,
  success: {
    status: 200,
    description: 'Events, whose data is the job.',
    contentType: 'text/event-stream',
    stream: 'events',
    schema: jobSchema,
  },
  problems: ['API.JOB_MISSING', 'API.STREAMS_FULL'],
});

export const pauseJob = defineEndpoint({
  id: 'pauseJob',
  method: 'POST',
  path: '/v1/jobs/{job}/pause',
  tag,
  summary: 'Pause a job',
  description: 'What is on its way is finished; nothing new is begun.',
  access,
  params: jobParams,
  success: { status: 202, description: 'Asked for.', schema: jobSchema },
  problems: ['API.JOB_MISSING', 'API.JOB_ENDED'],
});

export const resumeJob = defineEndpoint({
  id: 'resumeJob',
  method: 'POST',
  path: '/v1/jobs/{job}/resume',
  tag,
  summary: 'Go on with a paused job',
  access,
  params: jobParams,
  success: { status: 202, description: 'Asked for.', schema: jobSchema },
  problems: ['API.JOB_MISSING', 'API.JOB_ENDED'],
});

export const cancelJob = defineEndpoint({
  id: 'cancelJob',
  method: 'POST',
  path: '/v1/jobs/{job}/cancel',
  tag,
  summary: 'Cancel a job for good',
  description: 'Items that have not ended count as `cancelled`; those that have keep their results.',
  access,
  params: jobParams,
  success: { status: 202, description: 'Asked for.', schema: jobSchema },
  problems: ['API.JOB_MISSING', 'API.JOB_ENDED'],
});

export const retryJob = defineEndpoint({
  id: 'retryJob',
  method: 'POST',
  path: '/v1/jobs/{job}/retry',
  tag,
  summary: 'Try failed items again',
  description: 'Makes a new job of the failed items of one that has ended, and answers with it.',
  access,
  params: jobParams,
  body: { kind: 'json', schema: retryWishSchema },
  idempotent: true,
  success: { status: 202, description: 'The new job.', schema: jobSchema },
  problems: [
    'API.JOB_MISSING',
    'API.JOB_UNFINISHED',
    'API.JOB_NOTHING_FAILED',
    'API.IDEMPOTENCY_RUNNING',
    'API.IDEMPOTENCY_CONFLICT',
  ],
});
