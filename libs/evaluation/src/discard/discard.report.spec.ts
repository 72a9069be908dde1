import { describe, expect, it } from 'vitest';
import { discardReport } from './discard.report.js';

/** A unit vector at an angle in degrees: cosines are easy to read. */
const face = (person: string, degrees: number, utility: number) => ({
  ...{ person, utility },
  vector: Float32Array.of(Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)),
});

/** Ada has three pairs, of which the two with her last face are missed; Bob has one, and it is missed; Eve has none. */
const faces = [
  ...[face('Ada', 0, 90), face('Ada', 10, 80), face('Ada', 80, 20)],
  ...[face('Bob', 0, 60), face('Bob', 90, 70)],
  face('Eve', 0, 10),
];
const threshold = Math.cos(Math.PI / 4);

describe('discardReport', () => {
  it('discards the faces of least utility first, and counts the pairs that are left', () => {
    const { steps } = discardReport(faces, { threshold, shares: [0, 1 / 6, 2 / 6, 3 / 6, 1] });
    expect(steps.map((step) => ({ ...step, random: undefined }))).toEqual([
      { share: 0, discarded: 0, utilityFrom: 10, pairs: 4, missed: 3, fnmr: 3 / 4 },
      // Without Eve, who has no pair.
      { share: 1 / 6, discarded: 1, utilityFrom: 20, pairs: 4, missed: 3, fnmr: 3 / 4 },
      // Without Ada's last face, which is in two missed pairs.
      { share: 2 / 6, discarded: 2, utilityFrom: 60, pairs: 2, missed: 1, fnmr: 1 / 2 },
      { share: 3 / 6, discarded: 3, utilityFrom: 70, pairs: 1, missed: 0, fnmr: 0 },
      { share: 1, discarded: 6, pairs: 0, missed: 0 },
    ]);
  });

  it('knows what as many discarded at random leave', () => {
    // Of n people with two faces each, a third of them missed; whoever loses a face loses his pair.
    const people = Array.from({ length: 300 }, (_, i) => [
      face(`P${i}`, 0, 50),
      face(`P${i}`, i % 3 === 0 ? 90 : 0, 50),
    ]).flat();
    const { steps } = discardReport(people, { threshold, shares: [0, 0.5] });
    expect(steps[0]!.random).toEqual({ mean: expect.closeTo(1 / 3, 12) as number, deviation: expect.closeTo(0, 12) as number }); // prettier-ignore
    // About 75 of 300 pairs are left: standard deviation √(⅓ · ⅔ / 75 · (1 − 75 / 300)) = 0.047; of the mean of 200, 0.003.
    const { mean, deviation } = steps[1]!.random!;
    expect(Math.abs(mean - 1 / 3)).toBeLessThan(0.012);
    expect(deviation).toBeGreaterThan(0.037);
    expect(deviation).toBeLessThan(0.058);
  });

  it('gives the same figures for the same seed', () => {
    const of = (seed: number): unknown => discardReport(faces, { threshold, shares: [0.5], rounds: 9, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('says nothing of random orders that leave no pair', () => {
    const { steps } = discardReport(faces, { threshold, shares: [1] });
    expect(steps[0]).toEqual({ share: 1, discarded: 6, pairs: 0, missed: 0 });
  });
});
