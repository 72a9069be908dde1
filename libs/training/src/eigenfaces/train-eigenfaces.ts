import type { RgbImage } from '@facelane/vision';
import { inThread } from '../threads/in-thread.js';
import { EIGENFACES_SIDE, eigenfacesNetwork } from './eigenfaces.network.js';
import { greyCrops } from './grey-crops.js';

export interface TrainedEigenfaces {
  /** An ONNX file: see eigenfacesNetwork. */
  readonly network: Uint8Array;
  /** Values of a vector. */
  readonly dimension: number;
  /** Share of the crops' variance that the components hold, 0..1. */
  readonly explained: number;
}

export interface EigenfacesOptions {
  /** Most components. */
  readonly components: number;
  readonly signal?: AbortSignal;
}

/**
 * Eigenfaces of aligned 112×112 crops, in a worker thread.
 *
 * @throws RangeError as principalComponents.
 */
export async function trainEigenfaces(
  crops: readonly RgbImage[],
  { components: wanted, signal }: EigenfacesOptions,
): Promise<TrainedEigenfaces> {
  const values = EIGENFACES_SIDE * EIGENFACES_SIDE;
  const samples = greyCrops(crops);
  const found = await inThread('principalComponents', { samples, values, wanted }, signal);
  const held = found.variances.reduce((sum, variance) => sum + variance, 0);
  return {
    network: eigenfacesNetwork(found),
    dimension: found.count,
    explained: held / totalVariance(samples, found.mean),
  };
}

function totalVariance(samples: Float32Array, mean: Float32Array): number {
  const count = samples.length / mean.length;
  let sum = 0;
  for (let at = 0; at < samples.length; at++) sum += (samples[at]! - mean[at % mean.length]!) ** 2;
  return sum / (count - 1);
}
