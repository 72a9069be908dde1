import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from './bootstrap.js';

/** Mean over people of a figure each, weighted by how often each was drawn. */
const meanOf = (values: readonly number[]) => (weights: Int32Array) =>
  values.reduce((sum, value, at) => sum + value * weights[at]!, 0) / values.length;

describe('bootstrapInterval', () => {
  it('draws as many people as there are', () => {
    const sums = new Set<number>();
    bootstrapInterval(7, (weights) => sums.add(weights.reduce((sum, weight) => sum + weight, 0)).size);
    expect([...sums]).toEqual([7]);
  });

  it('is the normal interval for a mean of many people', () => {
    // 400 people, a quarter of them 1: standard error √(0.25 · 0.75 / 400) = 0.02165, so ± 1.96 of it.
    const values = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const { low, high } = bootstrapInterval(400, meanOf(values), { resamples: 4000 })!;
    expect(low).toBeCloseTo(0.25 - 0.0424, 2);
    expect(high).toBeCloseTo(0.25 + 0.0424, 2);
  });

  it('gives the same interval for the same seed, and none of nothing', () => {
    const statistic = meanOf([0.1, 0.5, 0.9, 0.2, 0.4]);
    expect(bootstrapInterval(5, statistic)).toEqual(bootstrapInterval(5, statistic));
    const many = meanOf(Array.from({ length: 60 }, (_, i) => Math.sqrt(i)));
    expect(bootstrapInterval(60, many, { seed: 2 })).not.toEqual(bootstrapInterval(60, many, { seed: 3 }));
    expect(bootstrapInterval(5, () => undefined)).toBeUndefined();
    // Seed 0 would make a generator that only gives zeros.
    expect(bootstrapInterval(5, statistic, { seed: 0 })!.high).toBeGreaterThan(0.1);
  });
});
