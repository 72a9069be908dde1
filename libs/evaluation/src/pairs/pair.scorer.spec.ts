import { cosine, countScores, l2Normalise } from '@facelane/vision';
import { describe, expect, it } from 'vitest';
import { type KnownFace, PairScorer } from './pair.scorer.js';

/** Enough for several tasks and for tiles that are not full; nine numbers of people over. */
const faces: KnownFace[] = Array.from({ length: 301 }, (_, i) => ({
  vector: l2Normalise(Float32Array.from({ length: 6 }, (_unused, d) => Math.sin(i * 7.3 + d * (1 + (i % 9))))),
  person: i % 9,
}));

const pairs = faces.flatMap((a, first) =>
  faces.slice(first + 1).map((b, at) => ({
    ...{ first, second: first + 1 + at, same: a.person === b.person },
    score: cosine(a.vector, b.vector),
  })),
);
const scoresOf = (same: boolean): number[] => pairs.filter((pair) => pair.same === same).map(({ score }) => score);

describe('PairScorer', () => {
  it('counts every pair once, as if they were compared one by one', async () => {
    const counts = await PairScorer.with(faces, { threads: 2 }, async (scorer) => {
      await scorer.countAll();
      return scorer.countAll();
    });
    const expected = countScores({ genuine: scoresOf(true), impostor: scoresOf(false) });
    // A score on the edge of a bin may fall into the next by rounding.
    const moved = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((sum, count, bin) => sum + Math.abs(count - b[bin]!), 0);
    expect(moved(counts.genuine, expected.genuine)).toBeLessThan(20);
    expect(moved(counts.impostor, expected.impostor)).toBeLessThan(pairs.length / 100);
  });

  it('finds the pairs beyond a score, and who reaches a threshold', async () => {
    const parts = await PairScorer.with(faces, { threads: 2 }, (scorer) =>
      scorer.find({ impostorFrom: 0.9, genuineBelow: -0.9, thresholds: [0.5] }),
    );
    const keys = (kind: 'impostor' | 'genuine'): string[] =>
      parts.flatMap((part) => [...part[kind].first].map((first, at) => `${first} ${part[kind].second[at]}`)).sort();
    const expected = (wanted: (pair: (typeof pairs)[number]) => boolean): string[] =>
      pairs.filter(wanted).map(({ first, second }) => `${first} ${second}`).sort(); // prettier-ignore
    expect(keys('impostor')).toEqual(expected(({ same, score }) => !same && score >= 0.9));
    expect(keys('genuine')).toEqual(expected(({ same, score }) => same && score < -0.9));
    expect(keys('genuine').length).toBeGreaterThan(0);
    const accepted = parts.flatMap((part) => [...part.accepted]).filter((_, at) => at % 3 === 2);
    expect(accepted.reduce((sum, count) => sum + count, 0)).toBe(scoresOf(true).filter((score) => score >= 0.5).length);
  });

  it('looks probes up among those who are enrolled', async () => {
    const one = (person: number, ...vector: number[]): KnownFace => ({
      person,
      vector: l2Normalise(Float32Array.from(vector)),
    });
    const gallery = [one(0, 1, 0), one(1, 0, 1)];
    const probes = [one(0, 0.9, 0.1), one(1, 0.9, 0.1), one(7, 0.6, 0.8)];
    const { own, top, rank } = await PairScorer.with([...gallery, ...probes], { threads: 1 }, (scorer) =>
      scorer.search(gallery.length),
    );
    expect([...rank]).toEqual([1, 2, 0]);
    expect(own[2]).toBeNaN();
    expect(top[2]).toBeCloseTo(0.8, 6);
    expect(own[1]).toBeCloseTo(0.1 / Math.hypot(0.9, 0.1), 6);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const work = PairScorer.with(faces, { threads: 1, signal: stop.signal }, (scorer) => scorer.countAll());
    await expect(work).rejects.toThrow('enough');
  });
});
