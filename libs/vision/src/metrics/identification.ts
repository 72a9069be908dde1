import { countScores, type ScoreCounts } from './score-counts.js';

/** A search of a gallery for a person who is enrolled. */
export interface MatedSearch {
  /** Score of the right person; undefined when the photo or the enrolment failed, and then he is not found. */
  readonly own?: number | undefined;
  /** Place of the right person among all who are enrolled, from 1; equal scores count against him. */
  readonly rank?: number | undefined;
}

/** Share of the searches that have the right person among the best `rank`, 0..1: a point of the cumulative match curve. */
export function hitRate(mated: readonly MatedSearch[], rank = 1): number {
  return mated.filter((search) => (search.rank ?? Infinity) <= rank).length / mated.length;
}

/**
 * Counts for the open-set figures (Grother and Ngan, Face Recognition Vendor Test: Performance of Face Identification
 * Algorithms, NIST IR 8009, 2014; with the names of Phillips, Grother and Micheals, Evaluation Methods in Face
 * Recognition, 2011): rocFromCounts then gives the false positive identification rate as `fmr`, the share of searches
 * for strangers that return anybody, and the detection and identification rate as `tar`, the share of searches for
 * enrolled people that return the right one first and at or above the threshold.
 *
 * @param strangers best score of each search for somebody who is not enrolled.
 */
export function identificationCounts(mated: readonly MatedSearch[], strangers: ArrayLike<number>): ScoreCounts {
  const found = mated.flatMap(({ own, rank }) => (rank === 1 && own !== undefined ? [own] : []));
  return { ...countScores({ genuine: found, impostor: strangers }), lostGenuine: mated.length - found.length };
}
