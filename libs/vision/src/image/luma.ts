import { type GreyImage, LUMA_BLUE, LUMA_GREEN, LUMA_RED, type RgbImage, requireRgb } from './image.js';

/** Luma of every pixel, 0..255, by ITU-R BT.601 (0.299 R + 0.587 G + 0.114 B), not rounded. */
export function luma(image: RgbImage): GreyImage {
  requireRgb(image);
  const { width, height, data } = image;
  const grey = new Float32Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    grey[pixel] = LUMA_RED * data[at]! + LUMA_GREEN * data[at + 1]! + LUMA_BLUE * data[at + 2]!;
  }
  return { width, height, data: grey };
}
