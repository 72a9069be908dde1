import {
  decisionSchema,
  detectedFaceSchema,
  qualityFindingSchema,
  qualityReasonSchema as reasonSchema,
  withheldSchema,
  thresholdSchema,
  uuidSchema,
} from '@facelane/contracts';
import { z } from 'zod';

const { box, landmarks, quality } = detectedFaceSchema.shape;

const findingSchema = z
  .object({
    ...qualityFindingSchema.shape,
    reason: reasonSchema.meta({ id: 'QualityReason', 'x-open-enum': true }),
    remedy: z.string().meta({ description: 'What helps, for people.' }),
  })
  .meta({ id: 'QualityFinding' });

export const faceSchema = z
  .object({
    index: z.int().meta({ description: 'From 0, the surest first.' }),
    box: z.object(box.shape).meta({ id: 'Box', description: 'Pixels of the photo as displayed.' }),
    landmarks: landmarks.meta({ description: 'Left eye, right eye, nose tip, left and right corner of the mouth.' }),
    score: z.number().meta({ description: 'How sure the detector is, 0 to 1.' }),
    quality: z.object(quality.shape).meta({ id: 'FaceQuality' }),
    utility: z.number().meta({
      description: 'How well the face is likely to be recognised, 0 to 100, from its quality and its score.',
    }),
    qualityReasons: z
      .array(findingSchema)
      .meta({ description: 'Why the face would be refused as a reference, at the bars of the collection.' }),
  })
  .meta({ id: 'Face' });

const withheld = z
  .object({
    from: withheldSchema.shape.from.meta({ description: '`store`: it is not kept to be searched either.' }),
    reasons: z.array(findingSchema),
  })
  .optional()
  .meta({
    id: 'Withheld',
    description: 'The face was not compared: its quality is below the bars of the collection. Absent: it was.',
  });

export const candidateSchema = z
  .object({
    personId: uuidSchema,
    name: z.string(),
    score: z.number().meta({ description: 'Cosine with the best reference face.' }),
    referenceId: uuidSchema.meta({ description: 'That reference face.' }),
    probability: z.number().optional().meta({
      description:
        "That the face is of the person, 0 to 1, by the contract's comparer, which the order of the candidates follows. Absent: the contract has none, or the score is below the review bar.",
    }),
  })
  .meta({ id: 'Candidate' });

export const searchCandidateSchema = candidateSchema
  .extend({ mean: z.number().meta({ description: 'Mean cosine over all reference faces of the person.' }) })
  .meta({ id: 'SearchCandidate' });

const decided = {
  decision: decisionSchema.meta({ id: 'Decision' }),
  personId: uuidSchema.optional().meta({ description: 'Who it is (match) or may be (review).' }),
  margin: z.number().optional().meta({
    description: 'Score of the first candidate minus that of the next; below 0 where a comparer ranked them.',
  }),
  threshold: z
    .object(thresholdSchema.shape)
    .meta({ id: 'Threshold', description: 'A cosine and the false match rate measured at it.' }),
  displacedBy: z.int().optional().meta({ description: 'Index of the face that has the best candidate instead.' }),
  withheld,
};

export const verifyFaceSchema = faceSchema.extend({ withheld }).meta({ id: 'VerifyFace' });

export const searchFaceSchema = faceSchema
  .extend({ ...decided, candidates: z.array(searchCandidateSchema) })
  .meta({ id: 'SearchFace' });

export const resultFaceSchema = faceSchema
  .extend({
    faceId: uuidSchema,
    ...decided,
    candidates: z.array(candidateSchema),
    assignment: z
      .object({ personId: uuidSchema, at: z.iso.datetime() })
      .optional()
      .meta({ description: 'Somebody said whose face this is.' }),
  })
  .meta({ id: 'ResultFace' });

export type FaceBody = z.input<typeof faceSchema>;
export type VerifyFaceBody = z.input<typeof verifyFaceSchema>;
export type SearchFaceBody = z.input<typeof searchFaceSchema>;
export type ResultFaceBody = z.input<typeof resultFaceSchema>;
