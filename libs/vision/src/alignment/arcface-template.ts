import type { FivePoints } from '../geometry/shapes.js';

/** Side of an aligned crop, pixels. */
export const ALIGNED_SIDE = 112;

/**
 * Where the five points lie in an aligned 112×112 crop: the template of ArcFace (Deng et al., CVPR 2019) and of the
 * embedders trained like it. Pixel centres are at whole numbers, as in warpAffine.
 */
export const ARCFACE_TEMPLATE: FivePoints = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];
