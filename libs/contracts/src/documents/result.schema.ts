import { z } from 'zod';
import { errorCodeSchema } from '../errors/error-code.schema.js';
import { contractIdSchema, slugSchema, uuidSchema } from '../ids/names.schema.js';
import { bulkItemSchema } from './bulk-item.schema.js';
import { thresholdSchema } from './collection.schema.js';
import { detectedFaceSchema } from './face.schema.js';
import { matchChangeSchema } from './match-change.schema.js';
import { photoSchema } from './photo.schema.js';
import { qualityReasonSchema, withheldSchema } from './quality-bars.schema.js';

/** One person who might be the face, by the best of his reference faces. */
export const candidateSchema = z.strictObject({
  personId: uuidSchema,
  name: z.string(),
  /** Cosine of the best reference, -1..1. */
  score: z.number(),
  /** Index point of that reference face. */
  referenceId: uuidSchema,
  /** That both are of one person, 0..1, by the contract's comparer. Absent: it has none, or the cosine is below the review bar. */
  probability: z.number().min(0).max(1).optional(),
});
export type Candidate = z.output<typeof candidateSchema>;

export const decisionSchema = z.enum(['match', 'review', 'none']);
export type Decision = z.output<typeof decisionSchema>;

export const resultFaceSchema = detectedFaceSchema.extend({
  pointId: uuidSchema,
  decision: decisionSchema,
  /** Set for match and review: who it is, or may be. */
  personId: uuidSchema.optional(),
  /** Best person first. */
  candidates: z.array(candidateSchema),
  /**
   * Somebody said whose face this is. It outlives every later comparison; after a merge the person is the one that
   * this one was merged into.
   */
  assignment: z.strictObject({ personId: uuidSchema, at: z.iso.datetime() }).optional(),
  /** The best candidate is taken for another face of the photo, the one with this index. */
  displacedBy: z.int().min(0).optional(),
  /** Score of the first candidate minus that of the next, below 0 where a comparer ranked them; absent when there is only one person to compare with. */
  margin: z.number().optional(),
  /** The bar that the decision was made at. */
  threshold: thresholdSchema,
  /** Its quality kept it from being compared; the decision is none unless somebody said whose it is. Absent: compared. */
  withheld: withheldSchema.optional(),
});
export type ResultFace = z.output<typeof resultFaceSchema>;

/** Why a photo gives no reference face; callers automate on these, so they are only ever added to. */
export const enrolmentRefusalSchema = z.enum([
  'no_face',
  'several_faces',
  ...qualityReasonSchema.options,
  'too_like_other_person',
  'unlike_own_references',
  /** The person or this very photo was erased with a guard against coming back. */
  'suppressed',
  /** The person was deleted after the photo was submitted. */
  'person_missing',
  'too_many_references',
]);
export type EnrolmentRefusal = z.output<typeof enrolmentRefusalSchema>;

/** Why an enrolment photo gave no reference face, with the measured value and the bar where there is one. */
export const enrolmentSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('accepted'), personId: uuidSchema, referenceId: uuidSchema, faceIndex: z.int() }),
  z.strictObject({
    outcome: z.literal('refused'),
    personId: uuidSchema,
    reason: enrolmentRefusalSchema,
    measured: z.number(),
    bar: z.number(),
  }),
]);
export type Enrolment = z.output<typeof enrolmentSchema>;

/**
 * What the change at `changedAt` left: it makes the event of it, also for somebody who comes after whoever changed the
 * result and died before he told.
 */
const lastChangeSchema = z.strictObject({
  reason: matchChangeSchema,
  /** When the state that was left had come about by a change itself. */
  leftAt: z.iso.datetime().optional(),
  /** Faces that were decided otherwise, as they were. */
  from: z.array(z.strictObject({ pointId: uuidSchema, decision: decisionSchema, personId: uuidSchema.optional() })),
});

const resultBase = {
  version: z.literal(1),
  tenant: slugSchema,
  collection: slugSchema,
  assetId: uuidSchema,
  contract: contractIdSchema,
  submittedAt: z.iso.datetime(),
  /** When the work first came to this end. Absent: it was written before ends were noted. */
  endedAt: z.iso.datetime().optional(),
  /** When what is decided of a face last changed after that. Absent: it has not. */
  changedAt: z.iso.datetime().optional(),
};

/** How an asset ended. Its existence is what "finished" means; `resume` looks for assets without one. */
export const resultDocumentSchema = z.discriminatedUnion('state', [
  z.strictObject({
    ...resultBase,
    state: z.literal('done'),
    photo: photoSchema,
    faces: z.array(resultFaceSchema),
    /** Faces beyond the limit per photo, least certain first to go. */
    droppedFaces: z.int().min(0),
    /** Faces that were erased with the person they belonged to. */
    erasedFaces: z.int().min(1).optional(),
    /** The asset of this collection whose identical photo was worked on first. */
    duplicateOf: uuidSchema.optional(),
    enrolment: enrolmentSchema.optional(),
    lastChange: lastChangeSchema.optional(),
  }),
  z.strictObject({
    ...resultBase,
    state: z.literal('failed'),
    failure: z.strictObject({
      stage: z.string(),
      code: errorCodeSchema,
      message: z.string(),
      remedy: z.string(),
      attempts: z.int().min(1),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
    /** As in the asset document, which a photo that could not be fetched does not have. */
    bulk: bulkItemSchema.optional(),
  }),
]);

export type ResultDocument = z.output<typeof resultDocumentSchema>;
export type DoneResult = Extract<ResultDocument, { state: 'done' }>;
export type FailedResult = Extract<ResultDocument, { state: 'failed' }>;
