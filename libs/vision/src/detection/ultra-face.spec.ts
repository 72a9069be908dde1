import { describe, expect, it } from 'vitest';
import { ultraFace } from './ultra-face.js';
import { ultraFacePriorCount, ultraFacePriors } from './ultra-face.priors.js';

describe('the priors', () => {
  // 320×240: 40·30·3 + 20·15·2 + 10·8·2 + 5·4·3; 640×480: 80·60·3 + 40·30·2 + 20·15·2 + 10·8·3.
  it.each([
    [320, 240, 4420],
    [640, 480, 17_640],
  ])('of %i×%i are %i', (width, height, count) => {
    expect(ultraFacePriorCount({ width, height })).toBe(count);
    expect(ultraFacePriors({ width, height }).sizes).toHaveLength(2 * count);
  });

  it('lie in the centres of the cells, as squares in pixels, none larger than the input', () => {
    const { centres, sizes } = ultraFacePriors({ width: 320, height: 240 });
    expect([...centres.subarray(0, 2)]).toEqual([Math.fround(4 / 320), Math.fround(4 / 240)]);
    expect([...sizes.subarray(0, 2)]).toEqual([Math.fround(10 / 320), Math.fround(10 / 240)]);
    // 240 pixels have 3.75 steps of 64 and so four cells, each a quarter of the height.
    expect([...centres.subarray(-2)]).toEqual([Math.fround(0.9), 0.875]);
    expect([...sizes.subarray(-2)]).toEqual([Math.fround(0.8), 1]);
  });
});

describe('UltraFace', () => {
  const input = { width: 800, height: 400 };

  it('scales corners to pixels and keeps what reaches the score', () => {
    const scores = Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.125, 0.875);
    const boxes = Float32Array.of(0, 0, 1, 1, 0.25, 0.5, 0.5, 1, -0.125, 0, 0.125, 0.5);
    expect(ultraFace.read([scores, boxes], input, 0.5)).toEqual([
      { box: { x: 200, y: 200, width: 200, height: 200 }, score: 0.5 },
      { box: { x: -100, y: 0, width: 200, height: 200 }, score: 0.875 },
    ]);
  });

  it('leaves out boxes without area and values that are not numbers', () => {
    const scores = Float32Array.of(0, 1, 0, 1, 0, Number.NaN);
    const boxes = Float32Array.of(0.5, 0, 0.5, 1, 0, 0, Number.NaN, 1, 0, 0, 1, 1);
    expect(ultraFace.read([scores, boxes], input, 0.5)).toEqual([]);
  });
});
