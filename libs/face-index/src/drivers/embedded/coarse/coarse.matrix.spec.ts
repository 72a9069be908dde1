import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identities, randomUnit, seededRandom } from '../../../testing/identities.js';
import { CoarseMatrix } from './coarse.matrix.js';

function take(vectors: Iterator<Float32Array>, count: number): Float32Array[] {
  return Array.from({ length: count }, () => vectors.next().value as Float32Array);
}

function* randomUnits(dimension: number, random: () => number): Generator<Float32Array> {
  for (;;) yield randomUnit(dimension, random);
}

function matrixOf(vectors: readonly Float32Array[]): CoarseMatrix {
  const matrix = new CoarseMatrix(vectors[0]!.length);
  // Numbers with gaps, as deletions leave them.
  vectors.forEach((vector, at) => matrix.append(3 * at + 1, vector));
  return matrix;
}

/** Rows of the nearest by the true cosine, all those that share the last place included. */
function nearest(vectors: readonly Float32Array[], query: Float32Array, limit: number): number[] {
  const scored = vectors.map((vector, at) => ({
    row: 3 * at + 1,
    score: vector.reduce((sum, value, place) => sum + value * query[place]!, 0),
  }));
  const last = scored.toSorted((a, b) => b.score - a.score)[Math.min(limit, scored.length) - 1]!.score;
  return scored.filter(({ score }) => score >= last).map(({ row }) => row);
}

describe('CoarseMatrix', () => {
  it('never leaves out one of the nearest, whatever the vectors', () => {
    const shapes = fc.record({
      ...{ dimension: fc.integer({ min: 1, max: 70 }), count: fc.integer({ min: 1, max: 300 }) },
      ...{ limit: fc.integer({ min: 1, max: 40 }), seed: fc.nat(), each: fc.integer({ min: 1, max: 50 }) },
    });
    fc.assert(
      fc.property(shapes, ({ dimension, count, limit, seed, each }) => {
        const random = seededRandom(seed);
        const vectors = take(identities(dimension, each, random), count);
        // Of twins both must be there.
        vectors.push(...vectors.slice(0, 3));
        const queries = [randomUnit(dimension, random), vectors[0]!];
        const lists = matrixOf(vectors).candidates(queries, limit);
        queries.forEach((query, at) => {
          expect(lists[at]).toEqual(expect.arrayContaining(nearest(vectors, query, limit)));
          expect(lists[at]).toEqual(lists[at]!.toSorted((a, b) => a - b));
        });
      }),
    );
  });

  it.each([
    ['faces of people', identities(512, 8, seededRandom(1))],
    ['vectors without any order', randomUnits(512, seededRandom(2))],
  ])('leaves few of 2000 %s', (_, source) => {
    const vectors = take(source, 2000);
    const queries = take(source, 20);
    const matrix = matrixOf(vectors);
    for (const [limit, most] of [
      [10, 60],
      [50, 200],
    ] as const) {
      for (const rows of matrix.candidates(queries, limit)) {
        expect(rows.length).toBeGreaterThanOrEqual(limit);
        expect(rows.length).toBeLessThan(most);
      }
    }
  });

  it('forgets the rows that are gone, and goes on after the last', () => {
    const vectors = take(randomUnits(32, seededRandom(3)), 3000);
    const matrix = matrixOf(vectors);
    const kept = vectors.filter((_, at) => at % 3 === 0);
    matrix.keepOnly(kept.map((_, at) => 9 * at + 1));
    expect(matrix.size).toBe(1000);
    expect(matrix.lastRow).toBe(8992);
    const late = take(randomUnits(32, seededRandom(4)), 2000);
    late.forEach((vector, at) => matrix.append(10_000 + at, vector));
    const only = new CoarseMatrix(32);
    kept.forEach((vector, at) => only.append(9 * at + 1, vector));
    late.forEach((vector, at) => only.append(10_000 + at, vector));
    const queries = [vectors[0]!, vectors[1]!, late[0]!];
    expect(matrix.candidates(queries, 10)).toEqual(only.candidates(queries, 10));
    matrix.keepOnly([]);
    expect(matrix.size).toBe(0);
    expect(matrix.lastRow).toBe(0);
    expect(matrix.candidates(queries, 10)).toEqual([[], [], []]);
  });

  it('takes half a kilobyte and 16 bytes for 512 numbers', () => {
    const matrix = new CoarseMatrix(512);
    for (const vector of take(randomUnits(512, seededRandom(5)), 5000)) matrix.append(matrix.lastRow + 1, vector);
    expect(CoarseMatrix.bytesFor(512, 5000)).toBe(5000 * 528);
    expect(matrix.bytes).toBeGreaterThan(5000 * 528);
    expect(matrix.bytes).toBeLessThan(5000 * 528 * 1.6);
  });
});
