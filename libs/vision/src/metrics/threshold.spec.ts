import { describe, expect, it } from 'vitest';
import { accuracyAt, bestThreshold, tarAtFmr } from './threshold.js';

const scores = { genuine: [0.9, 0.8, 0.7, 0.4], impostor: [0.5, 0.3, 0.2, 0.1] };

describe('accuracyAt', () => {
  it('accepts at the threshold itself', () => {
    expect(accuracyAt(scores, 0.7)).toBe(7 / 8);
    expect(accuracyAt(scores, 0.5)).toBe(6 / 8);
    expect(accuracyAt(scores, -1)).toBe(0.5);
  });
});

describe('bestThreshold', () => {
  it('lies midway between the scores it parts', () => {
    // Seven of eight are right between 0.5 and 0.7, and between 0.3 and 0.4.
    expect(accuracyAt(scores, bestThreshold(scores))).toBe(7 / 8);
    expect(bestThreshold({ genuine: [0.9, 0.8], impostor: [0.2, 0.1] })).toBe(0.5);
  });

  it('may refuse or accept everything', () => {
    const upside = { genuine: [0], impostor: [1, 1] };
    expect(bestThreshold(upside)).toBeGreaterThan(1);
    expect(accuracyAt(upside, bestThreshold(upside))).toBe(2 / 3);
    const many = { genuine: [0, 0, 0], impostor: [1] };
    expect(accuracyAt(many, bestThreshold(many))).toBe(3 / 4);
  });

  it('refuses missing scores and what is no number', () => {
    expect(() => bestThreshold({ genuine: [], impostor: [0] })).toThrow(/no genuine/);
    expect(() => bestThreshold({ genuine: [1], impostor: [Number.NaN] })).toThrow(/not a number/);
  });
});

describe('tarAtFmr', () => {
  const many = { genuine: [0.95, 0.92, 0.5, 0.91], impostor: Array.from({ length: 100 }, (_, i) => i / 100) };

  it('finds the lowest threshold within the limit', () => {
    const found = tarAtFmr(many, 0.1);
    expect(found).toMatchObject({ tar: 3 / 4, fmr: 0.1 });
    expect(found.threshold).toBeGreaterThan(0.89);
    expect(found.threshold).toBeLessThan(0.89 + 1e-12);
  });

  it('counts 29 of 100, where floating point would say 28', () => {
    expect(tarAtFmr(many, 0.29).fmr).toBe(0.29);
  });

  it('never exceeds the limit when scores are equal', () => {
    expect(tarAtFmr({ genuine: [1], impostor: [0.5, 0.5, 0.5, 0.1] }, 0.5).fmr).toBe(0);
  });

  it('handles the ends, zero and negative scores', () => {
    expect(tarAtFmr(many, 0).fmr).toBe(0);
    expect(tarAtFmr(many, 1)).toMatchObject({ tar: 1, fmr: 1 });
    expect(tarAtFmr({ genuine: [-0.1], impostor: [-0.2, -0.3] }, 0)).toMatchObject({ tar: 1, fmr: 0 });
    expect(tarAtFmr({ genuine: [0.1], impostor: [0] }, 0)).toMatchObject({ tar: 1, fmr: 0 });
    expect(() => tarAtFmr(many, 1.5)).toThrow(RangeError);
  });
});
