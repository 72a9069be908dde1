import { describe, expect, it } from 'vitest';
import { principalComponents } from './principal-components.js';

/** Whole-number noise in -1..1, the same everywhere. */
const noise = (at: number): number => ((at * 7919 + 13) % 2003) / 1001 - 1;

/** Samples of 12 values that lie along three directions, much, little and least. */
function samplesAlong(count: number): Float32Array {
  const samples = new Float32Array(count * 12);
  for (let row = 0; row < count; row++) {
    for (let value = 0; value < 12; value++) {
      const along = 5 * noise(row) * Number(value < 4) + 2 * noise(row + 500) * Number(value >= 4 && value < 8);
      samples[row * 12 + value] = 3 + along + 0.5 * noise(row + 900) * Number(value >= 8);
    }
  }
  return samples;
}

describe('principal components', () => {
  const samples = samplesAlong(40);
  const found = principalComponents(samples, 12, 12);
  const column = (at: number): number[] =>
    Array.from({ length: 12 }, (_, value) => found.components[value * found.count + at]!);

  it('are the directions in which the samples differ, most first, and no more than those', () => {
    expect(found.count).toBe(3);
    const [first, second, third] = [column(0), column(1), column(2)].map((direction) =>
      direction.map((entry) => Math.round(entry * 100) / 100),
    );
    for (const [at, direction] of [first!, second!, third!].entries()) {
      const own = direction.slice(4 * at, 4 * at + 4);
      for (const entry of own) expect(entry).toBeCloseTo(0.5, 1);
    }
    expect([...found.variances]).toEqual([...found.variances].sort((a, b) => b - a));
  });

  it('are unit vectors at right angles to each other', () => {
    for (let a = 0; a < found.count; a++) {
      for (let b = 0; b <= a; b++) {
        const product = column(a).reduce((sum, entry, at) => sum + entry * column(b)[at]!, 0);
        expect(product).toBeCloseTo(a === b ? 1 : 0, 4);
      }
    }
  });

  it('give back every sample, with its mean', () => {
    for (let row = 0; row < 40; row++) {
      const centred = Array.from({ length: 12 }, (_, value) => samples[row * 12 + value]! - found.mean[value]!);
      const back = new Array<number>(12).fill(0);
      for (let at = 0; at < found.count; at++) {
        const weight = centred.reduce((sum, entry, value) => sum + entry * column(at)[value]!, 0);
        for (let value = 0; value < 12; value++) back[value]! += weight * column(at)[value]!;
      }
      for (const [value, entry] of back.entries()) expect(entry).toBeCloseTo(centred[value]!, 3);
    }
  });

  it('have the variance of the samples along them', () => {
    const along = Array.from({ length: 40 }, (_, row) =>
      column(0).reduce((sum, entry, value) => sum + entry * (samples[row * 12 + value]! - found.mean[value]!), 0),
    );
    expect(found.variances[0]).toBeCloseTo(along.reduce((sum, value) => sum + value ** 2, 0) / 39, 3);
  });

  it('are refused of one sample, of samples that are all the same, and of a part of one', () => {
    expect(() => principalComponents(new Float32Array(12), 12, 3)).toThrow('two samples or more');
    expect(() => principalComponents(new Float32Array(24).fill(1), 12, 3)).toThrow('are the same');
    expect(() => principalComponents(new Float32Array(25), 12, 3)).toThrow(RangeError);
  });
});
