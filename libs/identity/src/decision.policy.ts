import type { CollectionDocument, Decision, Threshold } from '@facelane/contracts';
import type { PersonScore } from './candidates.js';

export interface IdentityDecision {
  readonly decision: Decision;
  /** Set for match and review. */
  readonly personId?: string;
  /** Best score minus the best of another person; absent without another person. */
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
  const [best, runnerUp] = candidates;
  if (best === undefined || best.score < thresholds.review.cosine) {
    return { decision: 'none', threshold: thresholds.review, ...marginOf(best, runnerUp) };
  }
  const matched = best.score >= thresholds.match.cosine;
  return {
    decision: matched ? 'match' : 'review',
    personId: best.personId,
    threshold: matched ? thresholds.match : thresholds.review,
    ...marginOf(best, runnerUp),
  };
}

function marginOf(best: PersonScore | undefined, runnerUp: PersonScore | undefined): { margin?: number } {
  return best === undefined || runnerUp === undefined ? {} : { margin: best.score - runnerUp.score };
}
