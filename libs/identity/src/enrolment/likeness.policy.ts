import type { CollectionDocument } from '@facelane/contracts';
import type { Refusal } from './enrolment.policy.js';

/** Cosines of a new face with the references that are there; undefined where there are none. */
export interface Likeness {
  /** Best of the person that the face is to be a reference of. */
  readonly own?: number;
  /** Best of anybody else. */
  readonly other?: number;
}

/**
 * Catches a photo filed under the wrong name, before every face of that person is called by it. A face is refused when
 * another person's reference reaches the match bar and is more like it than all of its own person's, or when its person
 * has references and none of them reaches even the review bar. A first photo can only fail the first check.
 */
export function checkLikeness(
  { own, other }: Likeness,
  { match, review }: CollectionDocument['thresholds'],
): Refusal<'too_like_other_person' | 'unlike_own_references'> | undefined {
  if (other !== undefined && other >= match.cosine && (own === undefined || other > own)) {
    return { outcome: 'refused', reason: 'too_like_other_person', measured: other, bar: match.cosine };
  }
  if (own !== undefined && own < review.cosine) {
    return { outcome: 'refused', reason: 'unlike_own_references', measured: own, bar: review.cosine };
  }
  return undefined;
}
