import type { Size } from '../geometry/size.js';

/** Steps of the four feature maps, pixels, and the sides of the priors laid on each of their cells, pixels. */
const STRIDES = [8, 16, 32, 64] as const;
const PRIOR_SIZES = [
  [10, 16, 24],
  [32, 48],
  [64, 96],
  [128, 192, 256],
] as const;

/** Values of all priors, x and y in turn, 0..1 of the input. */
export interface Priors {
  readonly count: number;
  readonly centres: Float32Array;
  readonly sizes: Float32Array;
}

/**
 * How many boxes UltraFace returns for an input of width × height pixels: priors per cell over the cells of each
 * feature map (Linzaer, Ultra-Light-Fast-Generic-Face-Detector-1MB). 320×240 has 4420.
 */
export function ultraFacePriorCount({ width, height }: Size): number {
  return STRIDES.reduce(
    (count, stride, level) =>
      count + Math.ceil(width / stride) * Math.ceil(height / stride) * PRIOR_SIZES[level]!.length,
    0,
  );
}

/**
 * The priors that UltraFace was trained with, for an input of any size: on each cell of each feature map, row by row,
 * a square of each of the map's sides around the cell's centre. As in training, cells divide the input evenly (8 rows
 * of 240 pixels are 30 pixels each, though the map's step is 32) and sides are clamped to the input.
 */
export function ultraFacePriors(input: Size): Priors {
  const { width, height } = input;
  const count = ultraFacePriorCount(input);
  const centres = new Float32Array(2 * count);
  const sizes = new Float32Array(2 * count);
  let at = 0;
  for (const [level, stride] of STRIDES.entries()) {
    const columns = Math.ceil(width / stride);
    const rows = Math.ceil(height / stride);
    for (let cell = 0; cell < columns * rows; cell++) {
      for (const side of PRIOR_SIZES[level]!) {
        centres[at] = ((cell % columns) + 0.5) / columns;
        centres[at + 1] = (Math.floor(cell / columns) + 0.5) / rows;
        sizes[at] = Math.min(1, side / width);
        sizes[at + 1] = Math.min(1, side / height);
        at += 2;
      }
    }
  }
  return { count, centres, sizes };
}
