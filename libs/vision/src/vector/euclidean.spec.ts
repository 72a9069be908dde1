import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineAtDistance, distanceAt, liftToSphere } from './euclidean.js';
import { cosine } from './unit-vector.js';

const vectors = (dimension: number): fc.Arbitrary<Float32Array> =>
  fc
    .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: dimension, maxLength: dimension })
    .map((values) => Float32Array.from(values));
const lengthOf = (vector: Float32Array): number => Math.hypot(...vector);
const distanceOf = (a: Float32Array, b: Float32Array): number => Math.hypot(...a.map((value, at) => value - b[at]!));

describe('distance and cosine', () => {
  it('of unit vectors say the same', () => {
    expect(distanceAt(1)).toBe(0);
    expect(distanceAt(0)).toBeCloseTo(Math.SQRT2, 12);
    expect(distanceAt(-1)).toBe(2);
    // dlib's threshold of 0.6, FaceNet's of 1.1.
    expect(cosineAtDistance(0.6)).toBeCloseTo(0.82, 12);
    expect(cosineAtDistance(1.1)).toBeCloseTo(0.395, 12);
    expect(distanceAt(1 + 1e-9)).toBe(0);
  });

  it('are each the other’s inverse, on any sphere', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0.1, max: 50, noNaN: true }), (d, r) => {
        expect(distanceAt(cosineAtDistance(d * r, r), r)).toBeCloseTo(d * r, 5);
      }),
    );
  });
});

describe('a lifted vector', () => {
  it('has unit length, and its distance but for what the radius says', () => {
    fc.assert(
      fc.property(vectors(8), vectors(8), fc.double({ min: 3, max: 30, noNaN: true }), (a, b, radius) => {
        const [x, y] = [liftToSphere(a, radius), liftToSphere(b, radius)];
        expect(x).toHaveLength(9);
        expect(lengthOf(x)).toBeCloseTo(1, 5);
        const [lifted, flat] = [distanceAt(cosine(x, y), radius), distanceOf(a, b)];
        const share = (Math.max(lengthOf(a), lengthOf(b)) / radius) ** 2;
        // float32 on a sphere of this size.
        const rounding = radius * 2e-3;
        expect(lifted).toBeGreaterThanOrEqual(flat - rounding);
        expect(lifted).toBeLessThanOrEqual(flat * Math.sqrt(1 + share / (1 - share)) + rounding);
      }),
    );
  });

  it('of golden numbers', () => {
    // 3-4-5 on a sphere of radius 13: the last value is 12.
    expect([...liftToSphere(Float32Array.of(3, 4), 13)]).toEqual(
      [3 / 13, 4 / 13, 12 / 13].map((value) => Math.fround(value)),
    );
  });

  it('does not exist beyond the sphere, or where a value is no number', () => {
    expect(() => liftToSphere(Float32Array.of(3, 4), 4.9)).toThrow('A vector of length 5 does not fit');
    expect(() => liftToSphere(Float32Array.of(Number.NaN), 4)).toThrow(RangeError);
  });
});
