import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maximumAssignment, type Weights } from './maximum.assignment.js';

const totalOf = (weights: Weights, columns: readonly (number | undefined)[]): number =>
  columns.reduce<number>((total, column, row) => total + (column === undefined ? 0 : weights[row]![column]!), 0);

/** Tries every way there is. */
function bestTotal(weights: Weights, row = 0, taken: ReadonlySet<number> = new Set()): number {
  const line = weights[row];
  if (line === undefined) return 0;
  let best = bestTotal(weights, row + 1, taken);
  line.forEach((weight, column) => {
    if (!taken.has(column)) best = Math.max(best, weight + bestTotal(weights, row + 1, new Set([...taken, column])));
  });
  return best;
}

const tables = (most: number, weight: fc.Arbitrary<number>): fc.Arbitrary<number[][]> =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 1, max: most }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(weight, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    );

describe('maximumAssignment', () => {
  it('lets a row give way when that is best for all', () => {
    const weights = [
      [0.6, 0.5],
      [0.55, 0.1],
    ];
    expect(maximumAssignment(weights)).toEqual([1, 0]);
  });

  it('keeps a sure pair rather than two weak ones', () => {
    const weights = [
      [0.4, 0.01],
      [0.05, -1],
    ];
    expect(maximumAssignment(weights)).toEqual([0, undefined]);
  });

  it('takes tables of any shape, and none', () => {
    expect(maximumAssignment([])).toEqual([]);
    expect(maximumAssignment([[], []])).toEqual([undefined, undefined]);
    expect(maximumAssignment([[0.1, 0.3, 0.2]])).toEqual([1]);
    expect(maximumAssignment([[0.1], [0.3], [0.2]])).toEqual([undefined, 0, undefined]);
    expect(maximumAssignment([[0], [-0.5]])).toEqual([undefined, undefined]);
  });

  // Few different weights make ties, which is where such algorithms go wrong.
  it.each([
    ['any weights', fc.double({ min: -1, max: 1, noNaN: true })],
    ['ties', fc.constantFrom(-0.5, 0, 0.25, 0.5, 0.75)],
  ])('is as good as trying everything: %s', (_name, weight) => {
    fc.assert(
      fc.property(tables(6, weight), (weights) => {
        const columns = maximumAssignment(weights);
        const used = columns.filter((column) => column !== undefined);
        expect(new Set(used).size).toBe(used.length);
        columns.forEach((column, row) => column !== undefined && expect(weights[row]![column]!).toBeGreaterThan(0));
        expect(totalOf(weights, columns)).toBeCloseTo(bestTotal(weights), 9);
        expect(maximumAssignment(weights)).toEqual(columns);
      }),
      { numRuns: 500 },
    );
  });

  it('does a crowd of a hundred', () => {
    // The best is the diagonal, by a hair: every row is tempted by every column.
    const weights = Array.from({ length: 100 }, (_, row) =>
      Array.from({ length: 100 }, (_, column) => 0.5 + (row === column ? 1e-6 : 0)),
    );
    expect(maximumAssignment(weights)).toEqual(weights.map((_, row) => row));
  });
});
