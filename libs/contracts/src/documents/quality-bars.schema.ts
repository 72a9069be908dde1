import { z } from 'zod';

/**
 * What a face must pass to be taken for something; what is at a bar passes it, and what is absent is no bar. The units
 * are those of FaceQualityRecord. Names and reasons are declared together in libs/identity, QUALITY_RULES.
 */
export const qualityBarsSchema = z.strictObject({
  /** Smallest shorter side of the box, pixels of the photo. */
  minSide: z.number().min(0).optional(),
  minSharpness: z.number().min(0).optional(),
  minBrightness: z.number().min(0).max(255).optional(),
  /** Largest turn to either side, tilt up or down, and lean; degrees. */
  maxYaw: z.number().min(0).max(180).optional(),
  maxPitch: z.number().min(0).max(180).optional(),
  maxRoll: z.number().min(0).max(180).optional(),
  maxBrightness: z.number().min(0).max(255).optional(),
  minContrast: z.number().min(0).optional(),
  /** 0: no more than a twentieth of the face may lie beyond the photo's edge. 1: any part of it may. */
  maxCut: z.number().min(0).max(1).optional(),
  /** Smallest score of the detector, 0..1. */
  minScore: z.number().min(0).max(1).optional(),
  /** Smallest strength, 0..1. A face whose strength was not measured passes. */
  minStrength: z.number().min(0).max(1).optional(),
  /** Smallest utility, 0..100. */
  minUtility: z.number().min(0).max(100).optional(),
});
export type QualityBarsRecord = z.output<typeof qualityBarsSchema>;

/** Bars by what they guard. */
export const qualityGatesSchema = z.strictObject({
  /** To give a reference face; in place of those of the quality profile, one by one. */
  enrol: qualityBarsSchema.optional(),
  /** To be compared with people. A face below stays searchable. */
  match: qualityBarsSchema.optional(),
  /** To be entered in the index. A face below is not compared either. */
  store: qualityBarsSchema.optional(),
});
export type QualityGates = z.output<typeof qualityGatesSchema>;

/** What a face falls short of; callers automate on these, so they are only ever added to. */
export const qualityReasonSchema = z.enum([
  'too_small',
  'too_blurred',
  'too_dark',
  'pose',
  'too_bright',
  'too_flat',
  'cut',
  'unsure',
  'unrecognisable',
  'low_utility',
]);
export type QualityReason = z.output<typeof qualityReasonSchema>;

/** `measured` and `bar` are in the unit of the bar that failed; for pose of the angle beyond it. */
export const qualityFindingSchema = z.strictObject({
  reason: qualityReasonSchema,
  measured: z.number(),
  bar: z.number(),
});
export type QualityFinding = z.output<typeof qualityFindingSchema>;

/** Why a face was not compared: the gate that it did not pass, and everything in which it falls short of it. */
export const withheldSchema = z.strictObject({
  /** `store`: it is not in the index either. */
  from: z.enum(['match', 'store']),
  reasons: z.array(qualityFindingSchema).min(1),
});
export type Withheld = z.output<typeof withheldSchema>;
