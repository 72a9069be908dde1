import { binOf, bootstrapInterval, floorOf, type Interval } from '@facelane/vision';
import type { PairColumns } from '../pairs/pair.tasks.js';
import { impostorPairs, type PersonCounts } from '../verification/labelled.photos.js';

/** The impostor pairs with the highest scores, highest first, with the people of each by number. */
export interface ImpostorTail {
  readonly score: Float64Array;
  readonly firstPerson: Int32Array;
  readonly secondPerson: Int32Array;
}

/** @param people of each face, by number. */
export function impostorTail(parts: readonly PairColumns[], people: readonly number[]): ImpostorTail {
  const pairs = parts.flatMap(({ first, second, score }) =>
    Array.from(score, (value, at) => ({ value, a: people[first[at]!]!, b: people[second[at]!]! })),
  );
  pairs.sort((x, y) => y.value - x.value);
  return {
    score: Float64Array.from(pairs, ({ value }) => value),
    firstPerson: Int32Array.from(pairs, ({ a }) => a),
    secondPerson: Int32Array.from(pairs, ({ b }) => b),
  };
}

/**
 * Interval of the threshold at a false match rate, by the bootstrap over people: a pair counts as often as its two people
 * were drawn, multiplied. Where a resample allows more pairs than the tail holds, its lowest score stands for what is
 * below: keep several times the pairs that the rate allows.
 */
export function thresholdInterval(
  tail: ImpostorTail,
  people: readonly PersonCounts[],
  fmr: number,
): Interval | undefined {
  return bootstrapInterval(people.length, (weights) => {
    const all = impostorPairs(people, weights);
    return all === 0 ? undefined : thresholdOf(tail, weights, fmr * all * (1 + 1e-9));
  });
}

/** The lowest threshold at which pairs of no more than that weight are accepted. */
function thresholdOf({ score, firstPerson, secondPerson }: ImpostorTail, weights: Int32Array, allowed: number): number {
  let accepted = 0;
  for (let at = 0; at < score.length; at++) {
    accepted += weights[firstPerson[at]!]! * weights[secondPerson[at]!]!;
    if (accepted > allowed) return floorOf(binOf(score[at]!) + 1);
  }
  return score.at(-1) ?? 1;
}

/** Interval of the false match rate at a threshold, which must not be below the tail. */
export function fmrInterval(
  { score, firstPerson, secondPerson }: ImpostorTail,
  people: readonly PersonCounts[],
  threshold: number,
): Interval | undefined {
  const end = score.findLastIndex((value) => value >= threshold) + 1;
  return bootstrapInterval(people.length, (weights) => {
    const all = impostorPairs(people, weights);
    let accepted = 0;
    for (let at = 0; at < end; at++) accepted += weights[firstPerson[at]!]! * weights[secondPerson[at]!]!;
    return all === 0 ? undefined : accepted / all;
  });
}
