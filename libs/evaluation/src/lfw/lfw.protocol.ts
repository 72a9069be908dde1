import { accuracyAt, cosine, type LabelledScores, steadyThreshold, tenFoldAccuracy } from '@facelane/vision';
import { type LfwPair, lfwPath } from './lfw.pairs.js';

/** Unit vector of a photo by its path; undefined when no face was found in it. */
export type Vectors = ReadonlyMap<string, Float32Array | undefined>;

/** How alike two photos are by their paths; the higher, the more. */
export type PairScore = (first: string, second: string) => number;

export interface LfwReport {
  readonly protocol: 'ten-fold' | 'development-view';
  /** Share of the reported pairs decided rightly, 0..1. A pair with a photo without a face counts as wrong. */
  readonly accuracy: number;
  /** Of the mean over the folds; absent for the development view. */
  readonly standardError?: number;
  /** Cosine: chosen on the training pairs, or the mean over the folds. */
  readonly threshold: number;
  readonly pairs: number;
  readonly photos: number;
  readonly photosWithoutFace: number;
}

/** View 2 (pairs.txt): the threshold of each fold is chosen on the other nine. */
export function tenFoldReport(folds: readonly LfwPair[][], vectors: Vectors, score?: PairScore): LfwReport {
  const scores = folds.map((fold) => scoresOf(fold, vectors, score));
  const { accuracy, standardError, folds: perFold } = tenFoldAccuracy(scores);
  return {
    protocol: 'ten-fold',
    accuracy,
    standardError,
    threshold: perFold.reduce((sum, { threshold }) => sum + threshold, 0) / perFold.length,
    ...facts(folds.flat(), vectors),
  };
}

/** View 1: the threshold is chosen on pairsDevTrain, the accuracy reported on pairsDevTest. */
export function developmentReport(
  train: readonly LfwPair[],
  test: readonly LfwPair[],
  vectors: Vectors,
  score?: PairScore,
): LfwReport {
  const complete = train.filter(({ first, second }) => vectors.get(lfwPath(first)) && vectors.get(lfwPath(second)));
  const threshold = steadyThreshold(scoresOf(complete, vectors, score));
  return {
    protocol: 'development-view',
    accuracy: accuracyAt(scoresOf(test, vectors, score), threshold),
    threshold,
    ...facts(test, vectors),
  };
}

function facts(pairs: readonly LfwPair[], vectors: Vectors): Pick<LfwReport, 'pairs' | 'photos' | 'photosWithoutFace'> {
  return {
    pairs: pairs.length,
    photos: vectors.size,
    photosWithoutFace: [...vectors.values()].filter((vector) => vector === undefined).length,
  };
}

/** A failure to find a face is an error of the system: such a pair scores on the wrong side of any threshold. */
function scoresOf(pairs: readonly LfwPair[], vectors: Vectors, ofPair?: PairScore): LabelledScores {
  const score = ({ first, second, same }: LfwPair): number => {
    const a = vectors.get(lfwPath(first));
    const b = vectors.get(lfwPath(second));
    if (a === undefined || b === undefined) return same ? -2 : 2;
    return ofPair?.(lfwPath(first), lfwPath(second)) ?? cosine(a, b);
  };
  return {
    genuine: pairs.filter(({ same }) => same).map(score),
    impostor: pairs.filter(({ same }) => !same).map(score),
  };
}
