import { CROP_BYTES, CROP_SIDE } from '@facelane/contracts';
import type { NetworkFile } from '@facelane/models';
import {
  type ColourTensorOptions,
  cropResize,
  mirrored,
  prewhitening,
  type RgbImage,
  toInterleavedTensor,
  toPlanarTensor,
} from '@facelane/vision';
import { channelOrder } from '../worker/channel-order.js';

type EmbedderInput = NetworkFile<'embedder'>['input'];

/** One tensor of a batch and its shape. */
export interface EmbedderBatch {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Shape of what an embedder takes, for `count` pictures. */
export const inputShape = ({ layout, width, height }: EmbedderInput, count: number): readonly number[] =>
  layout === 'NCHW' ? [count, 3, height, width] : [count, height, width, 3];

/**
 * What the network is given for some aligned crops (count × 112 × 112 × 3 bytes RGB): each cut, resized, ordered and scaled
 * as the manifest says. With `mirror`, the same pictures mirrored follow after the last one.
 *
 * @throws RangeError when the bytes are no whole number of crops.
 */
export function embedderBatch(input: EmbedderInput, crops: Uint8Array, mirror: boolean): EmbedderBatch {
  const count = crops.length / CROP_BYTES;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Crops come as whole ${CROP_SIDE}×${CROP_SIDE} RGB images; found ${crops.length} bytes.`);
  }
  const pictures = Array.from({ length: count }, (_, row) =>
    pictureOf(input, crops.subarray(row * CROP_BYTES, (row + 1) * CROP_BYTES)),
  );
  const all = mirror ? [...pictures, ...pictures.map(mirrored)] : pictures;
  const values = input.width * input.height * 3;
  const data = new Float32Array(all.length * values);
  const write = input.layout === 'NCHW' ? toPlanarTensor : toInterleavedTensor;
  for (const [row, picture] of all.entries()) write(picture, scaleOf(input, picture), data, row * values);
  return { data, shape: inputShape(input, all.length) };
}

function pictureOf({ area, width, height }: EmbedderInput, data: Uint8Array): RgbImage {
  const crop = { width: CROP_SIDE, height: CROP_SIDE, data };
  if (area === undefined && width === CROP_SIDE && height === CROP_SIDE) return crop;
  const { x, y, side } = area ?? { x: 0, y: 0, side: CROP_SIDE };
  return cropResize(crop, { x, y, width: side, height: side }, width, height);
}

function scaleOf(input: EmbedderInput, picture: RgbImage): ColourTensorOptions {
  const order = channelOrder(input.order);
  return 'prewhiten' in input ? { ...prewhitening(picture), order } : { mean: input.mean, std: input.std, order };
}
