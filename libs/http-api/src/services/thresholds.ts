import type { CollectionDocument, Threshold } from '@facelane/contracts';
import { cosineAt, fmrAt, FmrOutOfRangeError } from '@facelane/identity';
import { ProblemError } from '../problem/problem.error.js';
import type { Contract } from './contract.facts.js';

type Bar = { readonly fmr: number } | { readonly cosine: number };
type Thresholds = CollectionDocument['thresholds'];

/** Rates of a collection that asks for nothing else. */
const USUAL = { match: { fmr: 1e-4 }, review: { fmr: 1e-3 } } as const;

export interface AskedThresholds {
  readonly match?: Bar | undefined;
  readonly review?: Bar | undefined;
}

/** The bars of a collection: those asked for, else those it has, else the usual ones. */
export function thresholdsOf(
  asked: AskedThresholds,
  { thresholds: table }: Contract,
  present?: Thresholds,
): Thresholds {
  const resolve = (name: 'match' | 'review'): Threshold => {
    const bar = asked[name];
    if (bar !== undefined) return threshold(bar, table, name);
    return present?.[name] ?? threshold(USUAL[name], table, name);
  };
  const thresholds = { match: resolve('match'), review: resolve('review') };
  if (thresholds.review.cosine <= thresholds.match.cosine) return thresholds;
  throw new ProblemError('API.REQUEST_INVALID', 'The review threshold is above the match threshold.', {
    errors: [
      { path: 'body.thresholds.review', message: `${thresholds.review.cosine} is above ${thresholds.match.cosine}` },
    ],
  });
}

/** @throws ProblemError API.THRESHOLD_UNKNOWN */
function threshold(bar: Bar, table: Contract['thresholds'], name: string): Threshold {
  if ('cosine' in bar) {
    const fmr = fmrAt(bar.cosine, table);
    return { cosine: bar.cosine, ...(fmr !== undefined && { fmr }) };
  }
  try {
    return { cosine: cosineAt(bar.fmr, table), fmr: bar.fmr };
  } catch (error) {
    if (!(error instanceof FmrOutOfRangeError)) throw error;
    throw new ProblemError('API.THRESHOLD_UNKNOWN', `thresholds.${name}: ${error.message}`, { cause: error });
  }
}
