/**
 * Similarity scores of pairs whose truth is known. Everywhere in these metrics a pair is accepted as the same person
 * when its score is at or above the threshold.
 */
export interface LabelledScores {
  /** Scores of pairs of one person. */
  readonly genuine: ArrayLike<number>;
  /** Scores of pairs of two persons. */
  readonly impostor: ArrayLike<number>;
}

/**
 * A copy in ascending order; typed arrays sort by value and fast, for tens of millions of scores.
 *
 * @throws RangeError when there are none, or one is not a number.
 */
export function ascending(name: string, scores: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(scores).sort();
  if (sorted.length === 0) throw new RangeError(`There are no ${name} scores.`);
  // NaN sorts last.
  if (Number.isNaN(sorted.at(-1))) throw new RangeError(`A ${name} score is not a number.`);
  return sorted;
}

/** How many of the ascending scores are at or above the threshold. */
export function acceptedAt(sorted: Float64Array, threshold: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}
