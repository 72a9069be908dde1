import { expect, it } from 'vitest';
import { fmrInterval, impostorTail, thresholdInterval } from './impostor.tail.js';

/** Forty people with one face each, all 780 pairs of them; scores from a rule that has nothing to do with the people. */
const people = Array.from({ length: 40 }, (_, at) => ({ name: `${at}`, photos: 1, faces: 1 }));
const columns = (() => {
  const pairs = people.flatMap((_, a) => people.slice(a + 1).map((_unused, at) => [a, a + 1 + at] as const));
  return {
    first: Int32Array.from(pairs, ([a]) => a),
    second: Int32Array.from(pairs, ([, b]) => b),
    score: Float64Array.from(pairs, (_pair, at) => ((at * 359) % 780) / 780),
  };
})();
const tail = impostorTail([columns], people.map((_, at) => at)); // prettier-ignore

it('puts the highest first, whatever part they came in', () => {
  const halves = [0, 1].map((half) => {
    const of = <T extends Int32Array | Float64Array>(values: T): T => values.filter((_, at) => at % 2 === half) as T;
    return { first: of(columns.first), second: of(columns.second), score: of(columns.score) };
  });
  expect(impostorTail(halves, people.map((_, at) => at)).score).toEqual(tail.score); // prettier-ignore
  expect(tail.score[0]).toBe(779 / 780);
});

it('lies around the rate and the threshold of the pairs themselves', () => {
  // Scores are spread evenly over 0..1, so a rate of 0.1 has the threshold 0.9.
  const threshold = thresholdInterval(tail, people, 0.1)!;
  expect(threshold.low).toBeLessThan(0.9);
  expect(threshold.high).toBeGreaterThan(0.9);
  expect(threshold.high - threshold.low).toBeLessThan(0.2);
  const rate = fmrInterval(tail, people, 0.9)!;
  expect(rate.low).toBeLessThan(0.1);
  expect(rate.high).toBeGreaterThan(0.1);
});

it('is wide when single people make the false matches, however many pairs there are', () => {
  // The first person, and he alone, looks like everybody: the same number of false matches as above.
  const wolf = { ...columns, score: Float64Array.from(columns.first, (a, at) => (a === 0 ? 0.95 : at / 2000)) };
  const only = impostorTail([wolf], people.map((_, at) => at)); // prettier-ignore
  const { low, high } = fmrInterval(only, people, 0.9)!;
  // He is missing from more than a third of the resamples.
  expect(low).toBe(0);
  expect(high).toBeGreaterThan(2 * (39 / 780));
});
