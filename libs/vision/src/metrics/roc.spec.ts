import { expect, it } from 'vitest';
import { rocFromScores } from './roc.js';
import { tarAtFmr } from './threshold.js';

it('has one point per distinct score, from nothing accepted to everything', () => {
  expect(rocFromScores({ genuine: [0.9, 0.5], impostor: [0.5, 0.1] })).toEqual([
    { threshold: Infinity, fmr: 0, tar: 0 },
    { threshold: 0.9, fmr: 0, tar: 0.5 },
    { threshold: 0.5, fmr: 0.5, tar: 1 },
    { threshold: 0.1, fmr: 1, tar: 1 },
  ]);
});

it('agrees with tarAtFmr at every one of its points', () => {
  const scores = {
    genuine: Array.from({ length: 50 }, (_, i) => 0.2 + ((i * 29) % 50) / 60),
    impostor: Array.from({ length: 80 }, (_, i) => -0.3 + ((i * 31) % 80) / 90),
  };
  const curve = rocFromScores(scores);
  for (const { fmr } of curve) {
    const best = Math.max(...curve.filter((point) => point.fmr <= fmr).map((point) => point.tar));
    expect(tarAtFmr(scores, fmr).tar).toBeCloseTo(best, 12);
  }
});
