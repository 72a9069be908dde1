import { describe, expect, it } from 'vitest';
import { accuracyAt, bestThreshold, steadyThreshold } from './threshold.js';

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

describe('steadyThreshold', () => {
  it('is the middle of a clear gap', () => {
    expect(steadyThreshold({ genuine: [0.9, 0.8], impostor: [0.2, 0.1] })).toBe(0.5);
  });

  it('does not follow single pairs within a stretch that is as good as flat', () => {
    // 100 pairs apart from each other but for nine impostors between 0.5 and 0.58 and nine genuine ones between 0.4 and
    // 0.48: the best threshold, 0.49, makes 18 errors; up to 22 (one standard error) are no worse as far as one can tell.
    const genuine = [...Array.from({ length: 41 }, () => 0.9), ...Array.from({ length: 9 }, (_, i) => 0.4 + i / 100)];
    const impostor = [...Array.from({ length: 41 }, () => 0.1), ...Array.from({ length: 9 }, (_, i) => 0.5 + i / 100)];
    const shifted = { genuine: [...genuine, 0.59, 0.6, 0.61], impostor };
    expect(bestThreshold({ genuine, impostor })).not.toBeCloseTo(0.49, 2);
    expect(steadyThreshold({ genuine, impostor })).toBeCloseTo(0.49, 1);
    expect(Math.abs(steadyThreshold(shifted) - steadyThreshold({ genuine, impostor }))).toBeLessThan(0.1);
  });
});
