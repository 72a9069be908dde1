import { type LabelledScores, acceptedAt, ascending } from './scores.js';

/** Share of all pairs decided rightly at the threshold, 0..1. Throws RangeError as bestThreshold. */
export function accuracyAt({ genuine, impostor }: LabelledScores, threshold: number): number {
  const accepted = acceptedAt(ascending('genuine', genuine), threshold);
  const rejected = impostor.length - acceptedAt(ascending('impostor', impostor), threshold);
  return (accepted + rejected) / (genuine.length + impostor.length);
}

/**
 * The threshold with the most pairs decided rightly. Candidates lie midway between neighbouring scores, so that new
 * pairs have room on both sides; of several equally good ones the middle one is taken.
 *
 * @throws RangeError when there are no genuine or no impostor scores, or one is not a number.
 */
export function bestThreshold(scores: LabelledScores): number {
  const curve = errorCurve(scores);
  const fewest = fewestErrors(curve);
  const best = curve.filter(({ errors }) => errors === fewest);
  return best[(best.length - 1) >> 1]!.threshold;
}

/**
 * The middle of the thresholds that are as good as the best one as far as these pairs can tell: those around it whose
 * errors exceed the fewest by at most one standard error of that count (the one-standard-error rule, Breiman et al.,
 * Classification and Regression Trees, 1984, section 3.4.3). The very best of a flat stretch is a matter of single
 * pairs; its middle carries over to other pairs. Errors as bestThreshold.
 */
export function steadyThreshold(scores: LabelledScores): number {
  const curve = errorCurve(scores);
  const fewest = fewestErrors(curve);
  const pairs = scores.genuine.length + scores.impostor.length;
  // Standard deviation of a binomial count with this many errors in this many pairs.
  const bar = fewest + Math.sqrt(fewest * (1 - fewest / pairs));
  let low = curve.findIndex(({ errors }) => errors === fewest);
  let high = curve.findLastIndex(({ errors }) => errors === fewest);
  while (low > 0 && curve[low - 1]!.errors <= bar) low -= 1;
  while (high < curve.length - 1 && curve[high + 1]!.errors <= bar) high += 1;
  return (curve[low]!.threshold + curve[high]!.threshold) / 2;
}

interface ErrorPoint {
  readonly threshold: number;
  /** Genuine pairs below the threshold and impostor pairs at or above it. */
  readonly errors: number;
}

/** Ascending by threshold, from accepting everything to refusing everything. */
function errorCurve({ genuine, impostor }: LabelledScores): ErrorPoint[] {
  const same = ascending('genuine', genuine);
  const different = ascending('impostor', impostor);
  const scores = ascending('known', [...new Set([...same, ...different])]);
  const candidates = [scores[0]!];
  for (let index = 1; index < scores.length; index++) candidates.push((scores[index - 1]! + scores[index]!) / 2);
  candidates.push(nextUp(scores.at(-1)!));
  return candidates.map((threshold) => ({
    threshold,
    errors: same.length - acceptedAt(same, threshold) + acceptedAt(different, threshold),
  }));
}

const fewestErrors = (curve: readonly ErrorPoint[]): number =>
  curve.reduce((fewest, { errors }) => Math.min(fewest, errors), Infinity);

/** The next double above a finite value: the lowest threshold that refuses it. */
function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
