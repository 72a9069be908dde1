import type { GreyImage } from '../image/image.js';

export interface Exposure {
  /** Mean luma, 0..255. */
  readonly brightness: number;
  /** Standard deviation of the luma (over all pixels, not a sample), 0..127.5. */
  readonly contrast: number;
}

export function exposure({ data }: GreyImage): Exposure {
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const brightness = sum / data.length;
  return { brightness, contrast: Math.sqrt(Math.max(0, squares / data.length - brightness ** 2)) };
}
