import { describe, expect, it } from 'vitest';
import { cosine, l2Normalise } from './unit-vector.js';

describe('l2Normalise', () => {
  it('keeps the direction and leaves the input alone', () => {
    const vector = Float32Array.of(3, 0, -4);
    expect([...l2Normalise(vector)]).toEqual([Math.fround(0.6), 0, Math.fround(-0.8)]);
    expect([...vector]).toEqual([3, 0, -4]);
  });

  it('survives values whose squares leave the range of single precision', () => {
    expect(l2Normalise(Float32Array.of(3e30, 4e30))[1]).toBeCloseTo(0.8, 6);
    expect(l2Normalise(Float32Array.of(3e-30, 4e-30))[0]).toBeCloseTo(0.6, 6);
  });

  it.each([[[]], [[0, 0]], [[1, Number.NaN]], [[Infinity, 1]]])('refuses %o', (values) => {
    expect(() => l2Normalise(Float32Array.from(values))).toThrow(RangeError);
  });
});

describe('cosine', () => {
  it.each([
    [[1, 0], [0, 2], 0],
    [[1, 1], [3, 3], 1],
    [[2, 0], [-5, 0], -1],
    [[1, 0], [1, 1], Math.SQRT1_2],
  ])('of %o and %o is %f', (a, b, expected) => {
    expect(cosine(Float32Array.from(a), Float32Array.from(b))).toBeCloseTo(expected, 12);
  });

  it('refuses other dimensions and vectors without direction', () => {
    expect(() => cosine(new Float32Array(2), new Float32Array(3))).toThrow(RangeError);
    expect(() => cosine(Float32Array.of(0, 0), Float32Array.of(1, 0))).toThrow(RangeError);
  });
});
