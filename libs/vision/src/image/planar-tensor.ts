import { type GreyImage, type RgbImage, requireRgb } from './image.js';

export interface ChannelScale {
  /** Subtracted from every value; 0..255 scale. */
  readonly mean: number;
  /** Then divided by this. */
  readonly std: number;
}

/** One value for all channels, or one for each in the tensor's order. */
export type PerChannel = number | readonly [number, number, number];

export interface ColourTensorOptions {
  /** Subtracted from every value; 0..255 scale. */
  readonly mean: PerChannel;
  /** Then divided by this. */
  readonly std: PerChannel;
  /** Order of the channels in the tensor. */
  readonly order: 'rgb' | 'bgr';
}

/** Where the values of one channel go. */
interface ChannelPlace {
  readonly channel: number;
  readonly first: number;
  readonly step: number;
  readonly scaled: Float32Array;
}

/**
 * The image as a 1×3×H×W float tensor of (value − mean) / std, plane after plane.
 *
 * Pass `out` and `offset` (floats) to write one image of a batch; without them a new array is made.
 *
 * @returns `out`, or the new array.
 * @throws RangeError when `out` is too short from `offset`, a std is 0, or the image's data has another length.
 */
export function toPlanarTensor(
  image: RgbImage,
  options: ColourTensorOptions,
  out = new Float32Array(image.width * image.height * 3),
  offset = 0,
): Float32Array {
  const plane = image.width * image.height;
  return write(image, out, offset, options, (slot) => ({ first: offset + slot * plane, step: 1 }));
}

/** The image as a 1×H×W×3 float tensor, the channels of a pixel side by side. Everything else as toPlanarTensor. */
export function toInterleavedTensor(
  image: RgbImage,
  options: ColourTensorOptions,
  out = new Float32Array(image.width * image.height * 3),
  offset = 0,
): Float32Array {
  return write(image, out, offset, options, (slot) => ({ first: offset + slot, step: 3 }));
}

/** Grey pixels as a 1×1×H×W float tensor of (value − mean) / std. `out`, `offset`, result and errors as above. */
export function greyTensor(
  image: GreyImage,
  options: ChannelScale,
  out = new Float32Array(image.width * image.height),
  offset = 0,
): Float32Array {
  const { data } = image;
  requireRoom(out, offset, data.length);
  requireStd(options.std);
  for (let pixel = 0; pixel < data.length; pixel++) out[offset + pixel] = (data[pixel]! - options.mean) / options.std;
  return out;
}

function write(
  image: RgbImage,
  out: Float32Array,
  offset: number,
  { mean, std, order }: ColourTensorOptions,
  place: (slot: number) => { first: number; step: number },
): Float32Array {
  requireRgb(image);
  const pixels = image.width * image.height;
  requireRoom(out, offset, pixels * 3);
  const places = [0, 1, 2].map((slot): ChannelPlace => {
    const scaled = scaleTable({ mean: ofChannel(mean, slot), std: ofChannel(std, slot) });
    return { ...place(slot), channel: order === 'rgb' ? slot : 2 - slot, scaled };
  });
  const { data } = image;
  for (const { channel, first, step, scaled } of places) {
    for (let pixel = 0, to = first; pixel < pixels; pixel++, to += step) out[to] = scaled[data[pixel * 3 + channel]!]!;
  }
  return out;
}

const ofChannel = (values: PerChannel, slot: number): number => (typeof values === 'number' ? values : values[slot]!);

/** A byte has 256 values: dividing those is cheaper than dividing every pixel, and exactly as precise. */
function scaleTable({ mean, std }: ChannelScale): Float32Array {
  requireStd(std);
  return Float32Array.from({ length: 256 }, (_, value) => (value - mean) / std);
}

function requireStd(std: number): void {
  if (!Number.isFinite(std) || std === 0) throw new RangeError(`std must be a finite number but 0; found ${std}.`);
}

function requireRoom(out: Float32Array, offset: number, length: number): void {
  if (!Number.isInteger(offset) || offset < 0 || offset + length > out.length) {
    throw new RangeError(`A tensor of ${length} floats does not fit at ${offset} of ${out.length}.`);
  }
}
