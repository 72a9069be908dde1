import { describe, expect, it } from 'vitest';
import type { FivePoints } from '../geometry/shapes.js';
import { resizeBilinear } from '../image/crop-resize.js';
import type { RgbImage } from '../image/image.js';
import { patternImage } from '../pattern.fixture.js';
import { alignFace } from './align-face.js';
import { ARCFACE_TEMPLATE } from './arcface-template.js';

const [A, B, C, D, E] = ARCFACE_TEMPLATE;
const scaled = (factor: number, x = 0, y = 0): FivePoints => {
  const at = (point: { x: number; y: number }) => ({ x: point.x * factor + x, y: point.y * factor + y });
  return [at(A), at(B), at(C), at(D), at(E)];
};

/** Broad waves, which a resize keeps. */
function waves(side: number, length: number): RgbImage {
  const data = new Uint8Array(side * side * 3);
  for (let at = 0; at < data.length; at++) {
    const x = Math.floor(at / 3) % side;
    const y = Math.floor(at / 3 / side);
    data[at] = 128 + 60 * Math.sin(x / length) + 60 * Math.cos(y / length + (at % 3));
  }
  return { width: side, height: side, data };
}

function meanDifference(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((sum, value, index) => sum + Math.abs(value - b.data[index]!), 0) / a.data.length;
}

describe('alignFace', () => {
  it('cuts out 112×112 where the points already lie on the template', () => {
    const image = patternImage(112, 112);
    expect(alignFace(image, ARCFACE_TEMPLATE)).toEqual(image);
  });

  it('gives the same picture of a face six times as large, in the same place', () => {
    const large = waves(672, 60);
    // Pixel centres at whole numbers: the shift by 2.5 keeps the centre of pixel 0 over the block of 6.
    const found = alignFace(large, scaled(6, 2.5, 2.5));
    expect(meanDifference(found, resizeBilinear(large, 112, 112))).toBeLessThan(0.6);
  });

  it('does not alias: a fine checkerboard of a large face becomes grey', () => {
    const side = 900;
    const data = new Uint8Array(side * side * 3).map((_, at) => {
      const pixel = Math.floor(at / 3);
      return ((pixel % side) + Math.floor(pixel / side)) % 2 === 0 ? 0 : 255;
    });
    const { data: crop } = alignFace({ width: side, height: side, data }, scaled(7.3, 20, 20));
    const inner = Array.from(crop.subarray(112 * 3 * 20, 112 * 3 * 90));
    expect(Math.max(...inner) - Math.min(...inner)).toBeLessThan(12);
  });

  it('leaves black what lies beyond the photo, for small and for large faces', () => {
    for (const [side, factor] of [
      [112, 1],
      [600, 5],
    ] as const) {
      const white = { width: side, height: side, data: new Uint8Array(side * side * 3).fill(255) };
      const { data } = alignFace(white, scaled(factor, -40 * factor));
      expect(data[112 * 3 * 50]).toBe(0);
      expect(data[112 * 3 * 50 + 60 * 3]).toBe(255);
      expect(Math.max(...alignFace(white, scaled(factor, 1e5)).data)).toBe(0);
    }
  });
});
