import type { GreyImage } from '../image/image.js';

/**
 * Variance of the Laplacian (kernel 0 1 0, 1 −4 1, 0 1 0) over the inner pixels: 0 for a flat image, without an upper
 * bound; an aligned crop below about 50 looks soft. Pech-Pacheco et al., "Diatom autofocusing in brightfield
 * microscopy", ICPR 2000.
 *
 * @throws RangeError when the image is smaller than 3×3.
 */
export function sharpness({ width, height, data }: GreyImage): number {
  if (width < 3 || height < 3) throw new RangeError(`Sharpness needs at least 3×3 pixels; found ${width}×${height}.`);
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at++) {
      const value = data[at - width]! + data[at - 1]! + data[at + 1]! + data[at + width]! - 4 * data[at]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = (width - 2) * (height - 2);
  return Math.max(0, squares / count - (sum / count) ** 2);
}
