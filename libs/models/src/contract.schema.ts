import { z } from 'zod';
import { METRICS } from './metric.js';
import { modelIdSchema } from './model-file.schema.js';

/** Closer looks for small faces: at larger inputs, when the first look gives a reason to expect some. */
const retrySchema = z.strictObject({
  /** Looks again when no face was found, or one whose longer side is below this in pixels of the first input. */
  below: z.number().min(0),
  looks: z
    .array(
      z.strictObject({
        /** Size of this look's input, pixels. */
        width: z.int().min(32).max(4096),
        height: z.int().min(32).max(4096),
        /** Only faces whose longer side is below this count, in pixels of this look's input. Absent: all. */
        upTo: z.number().gt(0).optional(),
      }),
    )
    .min(1)
    .max(4)
    .readonly(),
});

/** A look at parts of a large photo, each brought to the detector's input like a whole one. */
const tilesSchema = z.strictObject({
  /** Longer side of a part, in pixels of the working image; smaller photos have no parts. */
  side: z.int().min(64),
  /** Least part of a side that neighbours share; at least a face's size, so that none is cut by all. */
  overlap: z.number().min(0).max(0.9),
});

const settingsSchema = z.strictObject({
  /** Detector score from which a box is a face, 0..1. */
  minScore: z.number().gt(0).lt(1),
  /** Tried on the same outputs when nothing reaches minScore. */
  retryScore: z.number().gt(0).lt(1),
  /** Boxes that overlap a better one by more than this intersection over union are dropped. */
  nmsIou: z.number().gt(0).lt(1),
  /** Absent: one look only. */
  retry: retrySchema.optional(),
  /** Absent: the photo as a whole only. */
  tiles: tilesSchema.optional(),
  /**
   * The longer side of a detector box counts as so many shorter ones at most when the first landmark crop is cut: a box that takes
   * in a hat or a neck is of no larger face. Absent: as it is.
   */
  landmarkAspect: z.number().min(1).optional(),
  /** Side of the first landmark crop as a multiple of the detector box. */
  landmarkScale: z.number().gt(0),
  /** Side of the second landmark crop as a multiple of the bounding square of the first landmarks. */
  secondLandmarkScale: z.number().gt(0),
  /** Photos are scaled down to this longer side, in pixels, before crops are cut from them. */
  maxImageSide: z.int().min(64),
  /** Adds the vector of the mirrored crop to each: twice the cost. Absent: no. */
  mirror: z.literal(true).optional(),
  /** With the metric `euclidean-raw`, of the sphere that vectors are lifted onto: longer than any of them. Absent otherwise. */
  radius: z.number().gt(0).optional(),
});

export const contractSchema = z.strictObject({
  /** Readable head of the contract id; the digest that follows it is computed. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,53}$/),
  detector: modelIdSchema,
  /** Absent: the detector's own five points are used; it must find some. */
  landmarks: modelIdSchema.optional(),
  embedder: modelIdSchema,
  /**
   * Another embedder of the same crops: both unit vectors side by side, so that the cosine of two faces is the mean of both cosines, this one
   * counted `weight` times. It takes the time of both. Absent: one embedder.
   */
  second: z.strictObject({ embedder: modelIdSchema, weight: z.number().gt(0) }).optional(),
  /** Absent: vectors are compared by their cosine alone. It changes no vector, so it is no part of the id. */
  comparer: modelIdSchema.optional(),
  alignment: z.literal('arcface-112-similarity'),
  settings: settingsSchema,
  /**
   * How near two vectors are. `cosine`: by their directions. `euclidean`: the same, told as the distance of vectors of unit length.
   * `euclidean-raw`: by the distance of vectors as the network gives them, length and all. Absent: cosine.
   */
  metric: z.enum(METRICS).optional(),
  /** Value of the metric at the false match rate that names it: a cosine, or a distance. */
  thresholds: z.record(z.string().regex(/^1e-[1-9]$/), z.number()),
});

export type ModelSettings = z.output<typeof settingsSchema>;
export type ModelContract = z.output<typeof contractSchema>;
