import { type Matrix2x3, invert } from '../geometry/matrix.js';
import { type RgbImage, requireRgb, requireSide } from '../image/image.js';

/**
 * The image moved by `matrix`, which maps source pixels to output pixels; pixel centres are at whole numbers (as in
 * OpenCV's warpAffine, with which embedders of the ArcFace family were trained).
 *
 * Bilinear between four source pixels, without a low-pass filter: shrink first when the map shrinks by more than 2.
 * What lies outside the source is black, and blends into it over one pixel at the edge.
 *
 * @throws RangeError when the matrix has no inverse, a side is not a positive integer, or the data is too short.
 */
export function warpAffine(image: RgbImage, matrix: Matrix2x3, width: number, height: number): RgbImage {
  requireRgb(image);
  requireSide('width', width);
  requireSide('height', height);
  const [a, b, c, d, e, f] = invert(matrix);
  const { data: source, width: sourceWidth, height: sourceHeight } = image;
  const data = new Uint8Array(width * height * 3);
  const stride = sourceWidth * 3;
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = 0; x < width; x++, out += 3) {
      const fromX = a * x + b * y + c;
      const fromY = d * x + e * y + f;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      if (left < 0 || top < 0 || left + 1 >= sourceWidth || top + 1 >= sourceHeight) {
        sampleEdge(image, fromX, fromY, data, out);
        continue;
      }
      const right = fromX - left;
      const bottom = fromY - top;
      const w11 = right * bottom;
      const w01 = right - w11;
      const w10 = bottom - w11;
      const w00 = 1 - right - w10;
      const at = top * stride + left * 3;
      const below = at + stride;
      // Adding one half rounds, since storing to a byte array cuts the fraction off.
      data[out] = w00 * source[at]! + w01 * source[at + 3]! + w10 * source[below]! + w11 * source[below + 3]! + 0.5;
      data[out + 1] =
        w00 * source[at + 1]! + w01 * source[at + 4]! + w10 * source[below + 1]! + w11 * source[below + 4]! + 0.5;
      data[out + 2] =
        w00 * source[at + 2]! + w01 * source[at + 5]! + w10 * source[below + 2]! + w11 * source[below + 5]! + 0.5;
    }
  }
  return { width, height, data };
}

/** One output pixel whose four neighbours are not all inside; those outside count as black. */
function sampleEdge(image: RgbImage, x: number, y: number, data: Uint8Array, out: number): void {
  const { width, height, data: source } = image;
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) return;
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    for (let row = Math.max(top, 0); row <= Math.min(top + 1, height - 1); row++) {
      for (let column = Math.max(left, 0); column <= Math.min(left + 1, width - 1); column++) {
        const weight = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
        sum += weight * source[(row * width + column) * 3 + channel]!;
      }
    }
    data[out + channel] = sum + 0.5;
  }
}
