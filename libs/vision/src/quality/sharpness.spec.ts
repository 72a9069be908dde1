import { expect, it } from 'vitest';
import { luma } from '../image/luma.js';
import { patternImage } from '../pattern.fixture.js';
import { sharpness } from './sharpness.js';

it('is the variance of the Laplacian (numpy, within 0.1 %)', () => {
  expect(sharpness(luma(patternImage(9, 7))) / 34_923.6998).toBeCloseTo(1, 3);
});

it('is 0 for a flat image and for an even ramp', () => {
  expect(sharpness({ width: 4, height: 4, data: new Float32Array(16).fill(77) })).toBe(0);
  expect(sharpness({ width: 4, height: 4, data: Float32Array.from({ length: 16 }, (_, i) => i * 3) })).toBe(0);
});

it('refuses an image without inner pixels', () => {
  expect(() => sharpness({ width: 2, height: 9, data: new Float32Array(18) })).toThrow(RangeError);
});
