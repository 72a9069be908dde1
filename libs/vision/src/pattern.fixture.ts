import type { RgbImage } from './image/image.js';

/** A textured image that a formula gives, so that another program can make the same one. For tests. */
export function patternImage(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = (x * x * 3 + y * 7 * x + y * y * 5 + c * 61) % 256;
    }
  }
  return { width, height, data };
}
