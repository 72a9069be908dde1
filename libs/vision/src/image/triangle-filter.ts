/** For each output position, where its source samples begin and how they are weighted. */
export interface AxisFilter {
  /** Samples per output position. */
  readonly taps: number;
  /** `size × taps` source positions, already clamped into the source: the border is replicated. */
  readonly source: Int32Array;
  /** `size × taps` weights; those of one output position sum to 1. */
  readonly weight: Float32Array;
}

/**
 * Triangle filter along one axis, from the interval [start, start + length) of `available` source pixels to `size`
 * output pixels. Pixel i covers [i, i + 1), so its centre is at i + 0.5.
 *
 * The triangle's half width is max(1, length / size): plain bilinear when enlarging, and a low-pass filter as wide
 * as the step when shrinking, so that a big face does not alias (the convention of Pillow's `BILINEAR` and of
 * `antialias=True` in image libraries; Heckbert, "Filtered Image Zooming", Graphics Gems, 1990).
 */
export function triangleFilter(start: number, length: number, size: number, available: number): AxisFilter {
  const step = length / size;
  const support = Math.max(1, step);
  const taps = Math.ceil(support) * 2 + 1;
  const source = new Int32Array(size * taps);
  const weight = new Float32Array(size * taps);
  for (let position = 0; position < size; position++) {
    const centre = start + (position + 0.5) * step;
    const first = Math.floor(centre - support);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const at = position * taps + tap;
      const value = Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / support);
      source[at] = Math.min(Math.max(first + tap, 0), available - 1);
      weight[at] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) weight[position * taps + tap]! /= sum;
  }
  return { taps, source, weight };
}
