import { describe, expect, it } from 'vitest';
import { decodeUltraFace, ultraFacePriorCount } from './ultra-face.js';

describe('ultraFacePriorCount', () => {
  // 320×240: 40·30·3 + 20·15·2 + 10·8·2 + 5·4·3; 640×480: 80·60·3 + 40·30·2 + 20·15·2 + 10·8·3.
  it.each([
    [320, 240, 4420],
    [640, 480, 17_640],
  ])('%i×%i has %i priors', (width, height, count) => {
    expect(ultraFacePriorCount(width, height)).toBe(count);
  });
});

describe('decodeUltraFace', () => {
  const frame = { width: 800, height: 400 };

  it('scales corners to pixels and keeps what reaches the score', () => {
    const scores = Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.125, 0.875);
    const boxes = Float32Array.of(0, 0, 1, 1, 0.25, 0.5, 0.5, 1, -0.125, 0, 0.125, 0.5);
    expect(decodeUltraFace(scores, boxes, frame, { minScore: 0.5 })).toEqual([
      { box: { x: 200, y: 200, width: 200, height: 200 }, score: 0.5 },
      { box: { x: -100, y: 0, width: 200, height: 200 }, score: 0.875 },
    ]);
  });

  it('leaves out boxes without area and values that are not numbers', () => {
    const scores = Float32Array.of(0, 1, 0, 1, 0, Number.NaN);
    const boxes = Float32Array.of(0.5, 0, 0.5, 1, 0, 0, Number.NaN, 1, 0, 0, 1, 1);
    expect(decodeUltraFace(scores, boxes, frame, { minScore: 0.5 })).toEqual([]);
  });

  it('refuses lengths that do not belong together', () => {
    expect(() => decodeUltraFace(new Float32Array(4), new Float32Array(4), frame, { minScore: 0 })).toThrow(RangeError);
  });
});
