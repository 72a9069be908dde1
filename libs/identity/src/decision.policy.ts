import type { CollectionDocument, Decision, Threshold } from '@facelane/contracts';
import type { PersonScore } from './candidates.js';

export interface IdentityDecision {
  readonly decision: Decision;
  /** Set for match and review. */
  readonly personId?: string;
  /** Score of the first person minus that of the next, below 0 where a comparer ranked them; absent without another person. */
  readonly margin?: number;
  /** The bar the decision was made at: match's for a match, else the bar that the score fell short of or passed. */
  readonly threshold: Threshold;
}

/**
 * Match at or above the match bar, review between the bars, none below. The runner-up does not enter the decision;
 * its margin is reported so that a reader can see how clear the decision was.
 */
export function decide(
  candidates: readonly PersonScore[],
  thresholds: CollectionDocument['thresholds'],
): IdentityDecision {
  return decideOn(candidates[0], candidates, thresholds);
}

/** The same for one of the candidates, who need not be the best, or for none. The margin is still the best one's. */
export function decideOn(
  chosen: PersonScore | undefined,
  candidates: readonly PersonScore[],
  thresholds: CollectionDocument['thresholds'],
): IdentityDecision {
  if (chosen === undefined || chosen.score < thresholds.review.cosine) {
    return { decision: 'none', threshold: thresholds.review, ...marginOf(candidates) };
  }
  const matched = chosen.score >= thresholds.match.cosine;
  return {
    decision: matched ? 'match' : 'review',
    personId: chosen.personId,
    threshold: matched ? thresholds.match : thresholds.review,
    ...marginOf(candidates),
  };
}

/** By how much the first person is ahead of the next one. */
export function marginOf([best, runnerUp]: readonly PersonScore[]): { margin?: number } {
  return best === undefined || runnerUp === undefined ? {} : { margin: best.score - runnerUp.score };
}
