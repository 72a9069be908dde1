import { type Matrix2x3, apply, invert } from '../geometry/matrix.js';
import type { Box, FivePoints } from '../geometry/shapes.js';
import { cropResize } from '../image/crop-resize.js';
import type { RgbImage } from '../image/image.js';
import { ALIGNED_SIDE, ARCFACE_TEMPLATE } from './arcface-template.js';
import { similarityTransform } from './similarity-transform.js';
import { warpAffine } from './warp-affine.js';

/** From this reduction on, a bilinear warp skips source pixels, so the face is shrunk with a filter first. */
const FILTER_FROM = 2;

/**
 * The face as a 112×112 crop whose five points lie as near to the ArcFace template as a similarity allows.
 *
 * What lies outside the photo is black. A face more than twice the crop's size is shrunk with a low-pass filter
 * before the warp, so that large faces do not alias.
 *
 * @throws RangeError when the points coincide or are not finite.
 */
export function alignFace(image: RgbImage, points: FivePoints): RgbImage {
  const matrix = similarityTransform(points, ARCFACE_TEMPLATE);
  const reduction = 1 / Math.hypot(matrix[0], matrix[3]);
  const area = reduction < FILTER_FROM ? undefined : visibleArea(matrix, image, reduction);
  if (area === undefined) return warpAffine(image, matrix, ALIGNED_SIDE, ALIGNED_SIDE);
  const width = Math.max(1, Math.round(area.width / reduction));
  const height = Math.max(1, Math.round(area.height / reduction));
  const small = cropResize(image, area, width, height);
  return warpAffine(small, fromShrunk(matrix, area, width, height), ALIGNED_SIDE, ALIGNED_SIDE);
}

/**
 * The part of the photo that the aligned crop shows, in whole pixels, with a margin for the filter; undefined when
 * the crop lies wholly outside the photo.
 */
function visibleArea(matrix: Matrix2x3, image: RgbImage, margin: number): Box | undefined {
  const back = invert(matrix);
  const corners = [0, ALIGNED_SIDE].flatMap((x) => [0, ALIGNED_SIDE].map((y) => apply(back, { x, y })));
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  const x = Math.max(0, Math.floor(Math.min(...xs) - margin));
  const y = Math.max(0, Math.floor(Math.min(...ys) - margin));
  const width = Math.min(image.width, Math.ceil(Math.max(...xs) + margin)) - x;
  const height = Math.min(image.height, Math.ceil(Math.max(...ys) + margin)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/**
 * `matrix` for the area after it was resized to width × height: first back to the photo, then on as before.
 * A resize counts from pixel edges and a warp from pixel centres, hence the halves.
 */
function fromShrunk([a, b, c, d, e, f]: Matrix2x3, area: Box, width: number, height: number): Matrix2x3 {
  const stepX = area.width / width;
  const stepY = area.height / height;
  const x = area.x + stepX / 2 - 0.5;
  const y = area.y + stepY / 2 - 0.5;
  return [a * stepX, b * stepY, a * x + b * y + c, d * stepX, e * stepY, d * x + e * y + f];
}
