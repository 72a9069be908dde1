import { z } from 'zod';
import { qualityReasonSchema } from '../../documents/quality-bars.schema.js';
import { enrolmentRefusalSchema } from '../../documents/result.schema.js';
import { uuidSchema } from '../../ids/names.schema.js';
import { defineEvent } from '../define-event.js';
import { assetFacts, codeSchema, EXAMPLE, keySchema, messageSchema } from './event.parts.js';

const { assetId, externalId, jobId, submittedAt } = EXAMPLE;
const asset = {
  assetId,
  externalId,
  tags: ['party'],
  source: 's3://media/2026/party/0117.jpg',
  bulk: { job: jobId, line: 117 },
  submittedAt,
};
const resultKey = `tenants/acme/collections/friends/results/${assetId}.json`;
const count = z.int().min(0);

const enrolmentSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('accepted'), personId: uuidSchema, referenceId: uuidSchema }),
  z.strictObject({
    outcome: z.literal('refused'),
    personId: uuidSchema,
    reason: enrolmentRefusalSchema.meta({ description: 'More may be added.', 'x-open-enum': true }),
  }),
]);

const withheldReasonSchema = z.strictObject({
  reason: qualityReasonSchema.meta({ description: 'More may be added.', 'x-open-enum': true }),
  faces: z.int().min(1),
});

export const assetCompleted = defineEvent({
  type: 'asset.completed',
  version: 1,
  summary: 'A photo was worked on to its end. Each of its faces that was compared has an event of its own.',
  scope: 'collection',
  data: z.strictObject({
    ...assetFacts,
    duplicateOf: uuidSchema.optional().meta({ description: 'The asset of the collection with the same bytes.' }),
    faces: count.meta({ description: 'Faces that were found: those matched, to be reviewed, unmatched and withheld.' }),
    matched: count,
    review: count,
    unmatched: count,
    withheld: count.optional().meta({
      description: 'Faces that were not compared: their quality is below the bars of the collection. Absent: none.',
    }),
    withheldReasons: z.array(withheldReasonSchema).min(1).optional().meta({
      description:
        'In what they fall short, and how many of them; a face counts for each of its reasons. Absent: none.',
    }),
    droppedFaces: count.meta({ description: 'Faces beyond the limit per photo.' }),
    enrolment: enrolmentSchema
      .optional()
      .meta({ description: 'How it ended as a reference photo of a person, for which it was submitted.' }),
    resultKey: keySchema.meta({ description: 'Key of the result document, in the bucket of the deployment.' }),
  }),
  example: { ...asset, faces: 3, matched: 1, review: 1, unmatched: 1, droppedFaces: 0, resultKey },
});

export const assetFailed = defineEvent({
  type: 'asset.failed',
  version: 1,
  summary: 'A photo could not be worked on, and is not tried again by itself.',
  scope: 'collection',
  data: z.strictObject({
    ...assetFacts,
    failure: z.strictObject({
      stage: z.string().max(64),
      code: codeSchema,
      message: messageSchema,
      retryable: z.boolean().meta({ description: 'Whether submitting it again as it is may help.' }),
    }),
    resultKey: keySchema.meta({ description: 'Key of the result document, in the bucket of the deployment.' }),
  }),
  example: {
    ...asset,
    failure: {
      stage: 'ingest',
      code: 'INGEST.NOT_AN_IMAGE',
      message: 's3://media/2026/party/0117.jpg is not a photo in a format that is read.',
      retryable: false,
    },
    resultKey,
  },
});
