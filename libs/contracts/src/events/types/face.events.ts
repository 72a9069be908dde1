import { z } from 'zod';
import { matchChangeSchema } from '../../documents/match-change.schema.js';
import { decisionSchema } from '../../documents/result.schema.js';
import { uuidSchema } from '../../ids/names.schema.js';
import { defineEvent } from '../define-event.js';
import { barSchema, EXAMPLE, faceNames, scoreSchema } from './event.parts.js';

const { assetId, externalId, faceId, box, personId, threshold } = EXAMPLE;
const face = { assetId, externalId, faceId, index: 0, box };

export const faceMatched = defineEvent({
  type: 'face.matched',
  version: 1,
  summary: 'A face of a photo is a known person (`match`), or may be and wants a look (`review`).',
  scope: 'collection',
  data: z.strictObject({
    ...faceNames,
    decision: decisionSchema.extract(['match', 'review']),
    personId: uuidSchema,
    score: scoreSchema.optional(),
    threshold: barSchema,
  }),
  example: { ...face, decision: 'match', personId, score: 0.7134, threshold },
});

export const faceUnmatched = defineEvent({
  type: 'face.unmatched',
  version: 1,
  summary: 'A face of a photo is nobody who is known.',
  scope: 'collection',
  data: z.strictObject({
    ...faceNames,
    bestScore: z.number().optional().meta({ description: 'Cosine with whoever is most like it; absent: nobody is.' }),
    threshold: barSchema,
  }),
  example: { ...face, bestScore: 0.2117, threshold },
});

const decided = z.strictObject({ decision: decisionSchema, personId: uuidSchema.optional() });

export const matchUpdated = defineEvent({
  type: 'match.updated',
  version: 1,
  summary: 'What was decided of a face has changed.',
  scope: 'collection',
  data: z.strictObject({
    ...faceNames,
    from: decided.meta({ description: 'As it was told before.' }),
    to: decided.meta({ description: 'As it is now.' }),
    score: scoreSchema.optional(),
    threshold: barSchema,
    reason: matchChangeSchema.meta({
      description:
        '`late-binding`: compared again after people or thresholds changed; `assigned`, `rejected`: somebody said whose the face is, or is not.',
      'x-open-enum': true,
    }),
  }),
  example: {
    ...face,
    from: { decision: 'none' },
    to: { decision: 'match', personId },
    score: 0.6802,
    threshold,
    reason: 'late-binding',
  },
});
