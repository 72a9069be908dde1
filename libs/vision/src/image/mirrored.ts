import { type RgbImage, requireRgb } from './image.js';

/** The picture with left and right exchanged. @throws RangeError when its data has another length. */
export function mirrored(image: RgbImage): RgbImage {
  requireRgb(image);
  const { width, height, data: source } = image;
  const data = new Uint8Array(source.length);
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = width - 1; x >= 0; x--, out += 3) {
      const at = (y * width + x) * 3;
      data[out] = source[at]!;
      data[out + 1] = source[at + 1]!;
      data[out + 2] = source[at + 2]!;
    }
  }
  return { width, height, data };
}
