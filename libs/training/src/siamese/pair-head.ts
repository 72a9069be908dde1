/** Pairs of unit vectors of which it is known whether they are of one person. */
export interface LabelledPairs {
  /** pairs × dimension numbers; row n of the one is compared with row n of the other. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly dimension: number;
  /** 1: of one person, 0: of two. */
  readonly same: Uint8Array;
}

/** Weights of a head over a pair: the sigmoid of bias + distance·|a − b| + product·(a ∘ b). */
export interface PairHead {
  /** Per value, of |a − b|. */
  readonly distance: Float32Array;
  /** Per value, of a ∘ b; all of them equal would be a multiple of the cosine. */
  readonly product: Float32Array;
  readonly bias: number;
}

/** The logit of one pair. */
export function pairLogit({ distance, product, bias }: PairHead, a: Float32Array, b: Float32Array): number {
  let sum = bias;
  for (let at = 0; at < a.length; at++)
    sum += distance[at]! * Math.abs(a[at]! - b[at]!) + product[at]! * a[at]! * b[at]!;
  return sum;
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
