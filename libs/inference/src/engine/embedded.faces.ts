import type { ResolvedContract } from '@facelane/models';

/** Of any number of crops, in their order. */
export interface EmbeddedFaces {
  /** count × dimension floats of unit length. */
  readonly vectors: Float32Array;
  /**
   * 0 for a crop that shows nothing the network knows, 1 for a clear face: a straight line in the length of the vector (its link to
   * recognisability: Meng, Zhao, Huang, Zhou: MagFace, CVPR 2021). Absent where the manifest states no lengths.
   */
  readonly strengths?: readonly number[];
}

/** Of one crop, from the batch that it was in. */
export interface EmbeddedCrop {
  readonly vector: Float32Array;
  /** Before it got unit length. */
  readonly length: number;
}

/** With three decimals: it is stored with every face. */
export function strengthBy(range: ResolvedContract['embedder']['strength']): ((length: number) => number) | undefined {
  if (range === undefined) return undefined;
  const { none, full } = range;
  return (length) => Math.round(Math.min(1, Math.max(0, (length - none) / (full - none))) * 1000) / 1000;
}
