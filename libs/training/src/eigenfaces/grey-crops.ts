import { cropResize, luma, type RgbImage } from '@facelane/vision';
import { EIGENFACES_INPUT, EIGENFACES_SIDE } from './eigenfaces.network.js';

/** Aligned crops as the network sees them once it has made them grey: count × 56² numbers of 0..1. */
export function greyCrops(crops: readonly RgbImage[]): Float32Array {
  const values = EIGENFACES_SIDE * EIGENFACES_SIDE;
  const samples = new Float32Array(crops.length * values);
  for (const [row, crop] of crops.entries()) {
    const whole = { x: 0, y: 0, width: crop.width, height: crop.height };
    const { data } = luma(cropResize(crop, whole, EIGENFACES_SIDE, EIGENFACES_SIDE));
    for (let at = 0; at < values; at++) samples[row * values + at] = data[at]! / EIGENFACES_INPUT.std;
  }
  return samples;
}
