import type { LabelledScores } from './scores.js';
import { accuracyAt, steadyThreshold } from './threshold.js';

export interface FoldAccuracy {
  /** Chosen on the other folds. */
  readonly threshold: number;
  readonly accuracy: number;
}

export interface TenFoldAccuracy {
  /** Mean over the folds, 0..1. */
  readonly accuracy: number;
  /** Standard error of that mean: sample standard deviation of the folds ÷ √folds. */
  readonly standardError: number;
  readonly folds: readonly FoldAccuracy[];
}

/**
 * Accuracy by LFW's view 2: on each fold, with the threshold that all the others suggest (steadyThreshold) (Huang et al., Labeled
 * Faces in the Wild, 2007). LFW has ten folds; any number from two works.
 *
 * @throws RangeError with fewer than two folds, or when a fold lacks genuine or impostor scores.
 */
export function tenFoldAccuracy(folds: readonly LabelledScores[]): TenFoldAccuracy {
  if (folds.length < 2) throw new RangeError(`Cross-validation needs at least two folds; found ${folds.length}.`);
  const results = folds.map((fold, held): FoldAccuracy => {
    const others = folds.filter((_, index) => index !== held);
    const threshold = steadyThreshold({
      genuine: others.flatMap(({ genuine }) => Array.from(genuine)),
      impostor: others.flatMap(({ impostor }) => Array.from(impostor)),
    });
    return { threshold, accuracy: accuracyAt(fold, threshold) };
  });
  const accuracy = results.reduce((sum, fold) => sum + fold.accuracy, 0) / folds.length;
  const variance = results.reduce((sum, fold) => sum + (fold.accuracy - accuracy) ** 2, 0) / (folds.length - 1);
  return { accuracy, standardError: Math.sqrt(variance / folds.length), folds: results };
}
