import { describe, expect, it } from 'vitest';
import { rocFromCounts, tarAtFmr, thinRoc } from './roc.js';
import { countScores } from './score-counts.js';

const NEAR = 4;

describe('rocFromCounts', () => {
  it('has one point per score, from nothing accepted to everything', () => {
    const points = rocFromCounts(countScores({ genuine: [0.9, 0.5], impostor: [0.5, 0.1] }));
    expect(points.map(({ fmr, tar }) => [fmr, tar])).toEqual([
      [0, 0],
      [0, 0.5],
      [0.5, 1],
      [1, 1],
    ]);
    expect(points[0]!.threshold).toBe(Infinity);
    [0.9, 0.5, 0.1].forEach((score, at) => expect(points[at + 1]!.threshold).toBeCloseTo(score, NEAR));
  });

  it('agrees with tarAtFmr at every one of its points', () => {
    const counts = countScores({
      genuine: Array.from({ length: 50 }, (_, i) => 0.2 + ((i * 29) % 50) / 60),
      impostor: Array.from({ length: 80 }, (_, i) => -0.3 + ((i * 31) % 80) / 90),
    });
    const curve = rocFromCounts(counts);
    for (const { fmr } of curve) {
      const best = Math.max(...curve.filter((point) => point.fmr <= fmr).map((point) => point.tar));
      expect(tarAtFmr(counts, fmr).tar).toBeCloseTo(best, 12);
    }
  });

  it('never accepts a pair that could not be compared', () => {
    const counts = { ...countScores({ genuine: [0.9, 0.8, 0.7], impostor: [0] }), lostGenuine: 1 };
    expect(rocFromCounts(counts).at(-1)).toMatchObject({ fmr: 1, tar: 0.75 });
    expect(tarAtFmr(counts, 1).tar).toBe(0.75);
  });
});

describe('tarAtFmr', () => {
  const many = countScores({
    genuine: [0.95, 0.92, 0.5, 0.91],
    impostor: Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100),
  });

  it('finds the lowest threshold within the limit', () => {
    const found = tarAtFmr(many, 0.1);
    expect(found).toMatchObject({ tar: 3 / 4, fmr: 0.1 });
    // 0.895 is refused, and everything above it accepted.
    expect(found.threshold).toBeGreaterThan(0.895);
    expect(found.threshold).toBeLessThan(0.895 + 2e-5);
  });

  it('counts 29 of 100, where floating point would say 28', () => {
    expect(tarAtFmr(many, 0.29).fmr).toBe(0.29);
  });

  it('never exceeds the limit when scores are equal', () => {
    expect(tarAtFmr(countScores({ genuine: [1], impostor: [0.5, 0.5, 0.5, 0.1] }), 0.5).fmr).toBe(0);
  });

  it('handles the ends, zero and negative scores', () => {
    expect(tarAtFmr(many, 0).fmr).toBe(0);
    expect(tarAtFmr(many, 1)).toEqual({ threshold: -1, tar: 1, fmr: 1 });
    expect(tarAtFmr(countScores({ genuine: [-0.1], impostor: [-0.2, -0.3] }), 0)).toMatchObject({ tar: 1, fmr: 0 });
    // What the model cannot tell apart is not accepted, even at the very top.
    expect(tarAtFmr(countScores({ genuine: [1], impostor: [1] }), 0)).toMatchObject({ tar: 0, fmr: 0 });
    expect(() => tarAtFmr(many, 1.5)).toThrow(RangeError);
  });

  it('refuses what has no pairs of a kind', () => {
    expect(() => tarAtFmr(countScores({ genuine: [], impostor: [0] }), 0.1)).toThrow('no genuine pairs');
    expect(() => tarAtFmr(countScores({ genuine: [0], impostor: [] }), 0.1)).toThrow('no impostor pairs');
  });
});

it('thins a curve without moving what is left, its ends among it', () => {
  const scores = (of: number, from: number): number[] => Array.from({ length: of }, (_, i) => from + i / of / 2);
  const curve = rocFromCounts(countScores({ genuine: scores(4000, 0.3), impostor: scores(9000, -0.1) }));
  const thin = thinRoc(curve);
  expect(thin.length).toBeLessThan(curve.length / 5);
  expect(thin.every((point) => curve.includes(point))).toBe(true);
  expect([thin[0], thin.at(-1)]).toEqual([curve[0], curve.at(-1)]);
});
