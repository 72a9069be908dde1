import type { Detection } from './detection.js';

/** Steps of the four feature maps, pixels, and the sides of the priors laid on each of their cells, pixels. */
const STRIDES = [8, 16, 32, 64] as const;
const PRIOR_SIZES = [
  [10, 16, 24],
  [32, 48],
  [64, 96],
  [128, 192, 256],
] as const;

/**
 * How many boxes UltraFace returns for an input of width × height pixels: priors per cell over the cells of each
 * feature map (Linzaer, Ultra-Light-Fast-Generic-Face-Detector-1MB). 320×240 has 4420.
 */
export function ultraFacePriorCount(width: number, height: number): number {
  return STRIDES.reduce(
    (count, stride, level) =>
      count + Math.ceil(width / stride) * Math.ceil(height / stride) * PRIOR_SIZES[level]!.length,
    0,
  );
}

export interface UltraFaceOptions {
  /** Detections below this score, 0..1, are left out. */
  readonly minScore: number;
}

/**
 * UltraFace's outputs as detections in pixels of `image`, the image that was squashed to the model's input.
 *
 * @param scores N×2: background, face, each 0..1.
 * @param boxes N×4: left, top, right, bottom, each 0..1 of the image; already decoded from the priors.
 * @returns in the model's order, before non-maximum suppression. Boxes may reach past the edges; those without an
 *   area and those with a value that is not finite are left out.
 * @throws RangeError when the two lengths do not belong together.
 */
export function decodeUltraFace(
  scores: Float32Array,
  boxes: Float32Array,
  image: { readonly width: number; readonly height: number },
  { minScore }: UltraFaceOptions,
): Detection[] {
  const count = scores.length / 2;
  if (!Number.isInteger(count) || boxes.length !== count * 4) {
    throw new RangeError(`UltraFace gives N×2 scores and N×4 boxes; found ${scores.length} and ${boxes.length}.`);
  }
  const found: Detection[] = [];
  for (let prior = 0; prior < count; prior++) {
    const score = scores[prior * 2 + 1]!;
    if (!(score >= minScore)) continue;
    const x = boxes[prior * 4]! * image.width;
    const y = boxes[prior * 4 + 1]! * image.height;
    const width = boxes[prior * 4 + 2]! * image.width - x;
    const height = boxes[prior * 4 + 3]! * image.height - y;
    if (width > 0 && height > 0 && Number.isFinite(width * height)) found.push({ box: { x, y, width, height }, score });
  }
  return found;
}
