import { type GreyImage, type RgbImage, requireRgb } from './image.js';

export interface ChannelScale {
  /** Subtracted from every value; 0..255 scale. */
  readonly mean: number;
  /** Then divided by this. */
  readonly std: number;
}

export interface PlanarTensorOptions extends ChannelScale {
  /** Order of the planes in the tensor. */
  readonly order: 'rgb' | 'bgr';
}

/**
 * The image as a 1×3×H×W float tensor of (value − mean) / std, plane after plane.
 *
 * Pass `out` and `offset` (floats) to write one image of a batch; without them a new array is made.
 *
 * @returns `out`, or the new array.
 * @throws RangeError when `out` is too short from `offset`, std is 0, or the image's data has another length.
 */
export function toPlanarTensor(
  image: RgbImage,
  options: PlanarTensorOptions,
  out = new Float32Array(image.width * image.height * 3),
  offset = 0,
): Float32Array {
  requireRgb(image);
  const plane = image.width * image.height;
  requireRoom(out, offset, plane * 3);
  const scaled = scaleTable(options);
  const red = offset + (options.order === 'rgb' ? 0 : 2 * plane);
  const green = offset + plane;
  const blue = offset + (options.order === 'rgb' ? 2 * plane : 0);
  const { data } = image;
  for (let pixel = 0, at = 0; pixel < plane; pixel++, at += 3) {
    out[red + pixel] = scaled[data[at]!]!;
    out[green + pixel] = scaled[data[at + 1]!]!;
    out[blue + pixel] = scaled[data[at + 2]!]!;
  }
  return out;
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
