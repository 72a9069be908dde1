import { z } from 'zod';

/** Pixels of the photo as displayed (EXIF orientation applied), origin top left; may reach past the edges. */
export const boxSchema = z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export const pointSchema = z.strictObject({ x: z.number(), y: z.number() });

/** Left eye, right eye, nose tip, left and right mouth corner, left and right as seen in the photo. */
export const fivePointsSchema = z.tuple([pointSchema, pointSchema, pointSchema, pointSchema, pointSchema]);

/** What can be said of a face before knowing whose it is. */
export const faceQualitySchema = z.strictObject({
  /** Shorter side of the box, pixels of the original photo. */
  minSide: z.number(),
  /** Distance of the eyes, pixels of the original photo. */
  interEye: z.number(),
  /** Variance of the Laplacian of the aligned crop's luma; below about 50 is soft. */
  sharpness: z.number(),
  /** Mean luma of the aligned crop, 0..255. */
  brightness: z.number(),
  /** Standard deviation of that luma. */
  contrast: z.number(),
  /** Degrees, from the five points; 0 is frontal and upright. */
  yaw: z.number(),
  pitch: z.number(),
  roll: z.number(),
  /** Whether more than a twentieth of the face lies beyond the photo's edge. */
  cut: z.boolean(),
  /**
   * How strongly the embedder answers to the aligned crop, 0 to 1: little to what is upside down, hidden or no face. Absent: the face
   * was not embedded, or not by a model that tells.
   */
  strength: z.number().min(0).max(1).optional(),
});

export const detectedFaceSchema = z.strictObject({
  /** 0-based position within the asset, best detector score first. */
  index: z.int().min(0),
  box: boxSchema,
  landmarks: fivePointsSchema,
  /** Detector score, 0..1. */
  score: z.number(),
  quality: faceQualitySchema,
});

export type DetectedFace = z.output<typeof detectedFaceSchema>;
export type FaceQualityRecord = z.output<typeof faceQualitySchema>;
