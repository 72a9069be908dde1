import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faceUtility } from './face-utility.js';
import type { ScoredQuality } from './utility.components.js';

const GOOD = {
  ...{ minSide: 200, sharpness: 150, brightness: 120, contrast: 50, yaw: 0, pitch: 0, roll: 0, cut: false },
} as const;
const face = (quality: Partial<ScoredQuality['quality']> = {}, score = 1): ScoredQuality => ({
  quality: { ...GOOD, ...quality },
  score,
});

const range = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const anyFace: fc.Arbitrary<ScoredQuality> = fc.record({
  score: range(0, 1),
  quality: fc.record({
    ...{ minSide: range(0, 5000), sharpness: range(0, 5000), brightness: range(0, 255), contrast: range(0, 127.5) },
    ...{ yaw: range(-90, 90), pitch: range(-180, 180), roll: range(-180, 180), cut: fc.boolean() },
  }),
});

describe('utility', () => {
  it('is 100 at best, 0 where one measure is hopeless, and between the two for a middling one', () => {
    expect(faceUtility(face())).toBe(100);
    expect(faceUtility(face({ minSide: 10 }))).toBe(0);
    expect(faceUtility(face({ roll: 180 }))).toBe(0);
    // One of ten components is a half: 0.5 ** 0.1.
    expect(faceUtility(face({ minSide: 45 }))).toBe(93.3);
    expect(faceUtility(face({ cut: true }))).toBe(93.3);
    expect(faceUtility(face({ yaw: 60 }))).toBe(93.3);
    expect(faceUtility(face({}, 0.999))).toBe(93.3);
  });

  it('counts the strength of a face that was embedded', () => {
    expect(faceUtility(face({ strength: 1 }))).toBe(100);
    expect(faceUtility(face({ strength: 0 }))).toBe(0);
    // One of eleven: 0.5 ** (1 / 11).
    expect(faceUtility(face({ strength: 0.5 }))).toBe(93.9);
  });

  it('is 0 for what is no number', () => {
    expect(faceUtility(face({ sharpness: NaN }))).toBe(0);
  });

  it('stays from 0 to 100', () => {
    fc.assert(
      fc.property(anyFace, (any) => {
        const utility = faceUtility(any);
        expect(utility).toBeGreaterThanOrEqual(0);
        expect(utility).toBeLessThanOrEqual(100);
      }),
    );
  });

  const GROWS = ['minSide', 'sharpness', 'contrast'] as const;
  it.each(GROWS)('does not fall when %s grows', (name) => {
    fc.assert(
      fc.property(anyFace, range(0, 200), (any, more) => {
        const better = { ...any, quality: { ...any.quality, [name]: any.quality[name] + more } };
        expect(faceUtility(better)).toBeGreaterThanOrEqual(faceUtility(any));
      }),
    );
  });

  it.each(['yaw', 'pitch', 'roll'] as const)('does not fall when %s comes nearer to 0', (name) => {
    fc.assert(
      fc.property(anyFace, range(0, 1), (any, share) => {
        const better = { ...any, quality: { ...any.quality, [name]: any.quality[name] * share } };
        expect(faceUtility(better)).toBeGreaterThanOrEqual(faceUtility(any));
      }),
    );
  });

  it('does not fall when the detector is surer, the face is whole, or its brightness comes nearer to the middle', () => {
    fc.assert(
      fc.property(anyFace, range(0, 1), (any, share) => {
        const { quality, score } = any;
        const brightness = 140 + (quality.brightness - 140) * share;
        for (const better of [
          { quality, score: score + (1 - score) * share },
          { score, quality: { ...quality, cut: false } },
          { score, quality: { ...quality, brightness } },
        ]) {
          expect(faceUtility(better)).toBeGreaterThanOrEqual(faceUtility(any));
        }
      }),
    );
  });
});
