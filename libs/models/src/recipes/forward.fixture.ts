/**
 * Layers computed the slow and plain way, on pictures with the channels of a place side by side and kernels in TensorFlow's
 * order, as the published weights have them: what a built graph is compared with.
 */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float64Array;
}

type Read = (y: number, x: number, channel: number) => number;

export function picture(height: number, width: number, channels: number, value: Read): Picture {
  const data = new Float64Array(height * width * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++, at++) data[at] = value(y, x, c);
  }
  return { height, width, channels, data };
}

/** 0 outside. */
export const at = ({ height, width, channels, data }: Picture, y: number, x: number, channel: number): number =>
  y < 0 || x < 0 || y >= height || x >= width || channel >= channels ? 0 : data[(y * width + x) * channels + channel]!;

export function convolve(
  input: Picture,
  kernel: Float32Array,
  size: number,
  bias: Float32Array,
  { stride = 1, border = 0 } = {},
): Picture {
  const outs = bias.length;
  const side = (length: number): number => Math.floor((length + 2 * border - size) / stride) + 1;
  const data = new Float64Array(side(input.height) * side(input.width) * outs);
  const width = side(input.width);
  for (let y = 0; y < side(input.height); y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * outs;
      for (let o = 0; o < outs; o++) data[to + o] = bias[o]!;
      for (let ky = 0; ky < size; ky++) {
        for (let kx = 0; kx < size; kx++) {
          for (let i = 0; i < input.channels; i++) {
            const value = at(input, y * stride + ky - border, x * stride + kx - border, i);
            const weights = ((ky * size + kx) * input.channels + i) * outs;
            for (let o = 0; o < outs; o++) data[to + o]! += value * kernel[weights + o]!;
          }
        }
      }
    }
  }
  return { height: side(input.height), width, channels: outs, data };
}

export const perChannel = (input: Picture, change: (value: number, channel: number) => number): Picture => ({
  ...input,
  data: input.data.map((value, index) => change(value, index % input.channels)),
});

export const relu = (input: Picture): Picture => perChannel(input, (value) => Math.max(0, value));

export const prelu = (input: Picture, slope: Float32Array): Picture =>
  perChannel(input, (value, channel) => (value > 0 ? value : value * slope[channel]!));

/** `values` of a window of size × size at every second place; those beyond the picture are left out. */
function pool(
  input: Picture,
  size: number,
  toTheEnd: boolean,
  combine: (values: readonly number[]) => number,
): Picture {
  const round = toTheEnd ? Math.ceil : Math.floor;
  const side = (length: number): number => round((length - size) / 2) + 1;
  const steps = Array.from({ length: size }, (_, step) => step);
  return picture(side(input.height), side(input.width), input.channels, (y, x, channel) =>
    combine(
      steps
        .flatMap((dy) => steps.map((dx) => [2 * y + dy, 2 * x + dx] as const))
        .filter(([row, column]) => row < input.height && column < input.width)
        .map(([row, column]) => at(input, row, column, channel)),
    ),
  );
}

export const maxPool = (input: Picture, size: number, toTheEnd = false): Picture =>
  pool(input, size, toTheEnd, (values) => Math.max(...values));

export const meanPool = (input: Picture, size: number): Picture =>
  pool(input, size, false, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);

/** weights: from × to. */
export const dense = (input: ArrayLike<number>, weights: Float32Array, bias: Float32Array): Float64Array =>
  Float64Array.from(bias, (start, to) =>
    Array.from(input).reduce((sum, value, from) => sum + value * weights[from * bias.length + to]!, start),
  );

export function softmax(values: readonly number[]): number[] {
  const powers = values.map((value) => Math.exp(value));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Something that looks like nothing, in -1..1. */
export const noise: Read = (y, x, channel) =>
  Math.sin(y * 1.7 + x * 0.9 + channel * 2.3) * Math.cos(x * 0.31 - y * 0.17);
