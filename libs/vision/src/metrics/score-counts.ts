import type { LabelledScores } from './scores.js';

/** Bins over the cosines −1..1: each is 1e-5 wide, finer than a threshold means anything. */
export const SCORE_BINS = 200_000;

/** How often each score occurs among pairs whose truth is known: the memory needed does not grow with the pairs. */
export interface ScoreCounts {
  /** Pairs of one person per bin, SCORE_BINS of them. */
  readonly genuine: Uint32Array;
  /** Pairs of two persons per bin, SCORE_BINS of them. */
  readonly impostor: Uint32Array;
  /** Pairs of one person that could not be compared, since a photo gave no face: no threshold accepts them. Default 0. */
  readonly lostGenuine?: number;
}

/** The bin that holds a score; what rounding puts outside of −1..1 is in the outermost. NaN is in the lowest. */
export function binOf(score: number): number {
  const bin = Math.floor((score + 1) * (SCORE_BINS / 2));
  return bin >= 0 ? Math.min(bin, SCORE_BINS - 1) : 0;
}

/** The lowest score of a bin, and of the bins above: as a threshold it accepts the bin. */
export const floorOf = (bin: number): number => bin / (SCORE_BINS / 2) - 1;

export function countScores({ genuine, impostor }: LabelledScores): ScoreCounts {
  return { genuine: counted(genuine), impostor: counted(impostor) };
}

function counted(scores: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(SCORE_BINS);
  for (const score of Array.from(scores)) counts[binOf(score)]! += 1;
  return counts;
}

/** All pairs of a kind. */
export function total(counts: Uint32Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** Coarse counts for a drawing: `SCORE_BINS / groups` bins make one. @throws RangeError when they do not divide evenly. */
export function grouped(counts: Uint32Array, groups: number): number[] {
  const size = SCORE_BINS / groups;
  if (!Number.isInteger(size)) throw new RangeError(`${SCORE_BINS} bins do not make ${groups} equal groups.`);
  const sums = Array.from({ length: groups }, () => 0);
  for (const [bin, count] of counts.entries()) sums[Math.floor(bin / size)]! += count;
  return sums;
}
