import type { Size } from '../geometry/size.js';
import { type RgbImage, requireRgb } from './image.js';

export interface PaddedTensorOptions {
  /** Subtracted from every value, 0..255 scale; three values go with the planes in their order. */
  readonly mean: number | readonly [number, number, number];
  /** Then divided by this; not 0. */
  readonly std: number;
  /** Order of the planes in the tensor. */
  readonly order: 'rgb' | 'bgr';
}

/**
 * The image in the top left corner of a black one of the given size, as a 1×3×H×W float tensor of (value − mean) / std.
 *
 * @throws RangeError when the image is larger than the size, or its data has another length.
 */
export function paddedTensor(
  image: RgbImage,
  { width, height }: Size,
  { mean, std, order }: PaddedTensorOptions,
): Float32Array {
  requireRgb(image);
  if (image.width > width || image.height > height) {
    throw new RangeError(`${image.width}×${image.height} pixels do not fit into ${width}×${height}.`);
  }
  const plane = width * height;
  const tensor = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const centre = typeof mean === 'number' ? mean : mean[channel]!;
    // A byte has 256 values: dividing those is cheaper than dividing every pixel, and exactly as precise.
    const scaled = Float32Array.from({ length: 256 }, (_, value) => (value - centre) / std);
    const offset = order === 'rgb' ? channel : 2 - channel;
    const target = tensor.subarray(channel * plane, (channel + 1) * plane).fill(scaled[0]!);
    for (let y = 0; y < image.height; y++) {
      let at = y * image.width * 3 + offset;
      const end = y * width + image.width;
      for (let out = y * width; out < end; out++, at += 3) target[out] = scaled[image.data[at]!]!;
    }
  }
  return tensor;
}
