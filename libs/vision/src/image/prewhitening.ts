import type { RgbImage } from './image.js';
import type { ChannelScale } from './planar-tensor.js';

/**
 * Mean and standard deviation of all values of a picture, with which FaceNet (Schroff et al., CVPR 2015, in Sandberg's
 * training) brings every face to the same brightness and contrast. A picture of one colour would divide by zero: the
 * deviation counts as 1/√n at least, n the number of values.
 */
export function prewhitening({ data }: RgbImage): ChannelScale {
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / data.length;
  const variance = Math.max(0, squares / data.length - mean * mean);
  return { mean, std: Math.max(Math.sqrt(variance), 1 / Math.sqrt(data.length)) };
}
