import { type LabelledScores, ascending } from './scores.js';

export interface RocPoint {
  /** Pairs at or above this score are accepted. */
  readonly threshold: number;
  /** False match rate: share of impostor pairs accepted, 0..1. */
  readonly fmr: number;
  /** True accept rate: share of genuine pairs accepted, 0..1. */
  readonly tar: number;
}

/**
 * The receiver operating characteristic: one point per distinct score, highest threshold first, so both rates only
 * grow, from (0, 0) at an infinite threshold to (1, 1).
 *
 * @throws RangeError when there are no genuine or no impostor scores, or one is not a number.
 */
export function rocFromScores({ genuine, impostor }: LabelledScores): RocPoint[] {
  const same = ascending('genuine', genuine);
  const different = ascending('impostor', impostor);
  const points: RocPoint[] = [{ threshold: Infinity, fmr: 0, tar: 0 }];
  let s = same.length;
  let d = different.length;
  while (s > 0 || d > 0) {
    const threshold = Math.max(same[s - 1] ?? -Infinity, different[d - 1] ?? -Infinity);
    while (s > 0 && same[s - 1] === threshold) s--;
    while (d > 0 && different[d - 1] === threshold) d--;
    points.push({ threshold, fmr: 1 - d / different.length, tar: 1 - s / same.length });
  }
  return points;
}
