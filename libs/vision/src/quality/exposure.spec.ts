import { expect, it } from 'vitest';
import { luma } from '../image/luma.js';
import { patternImage } from '../pattern.fixture.js';
import { exposure } from './exposure.js';

it('is mean and standard deviation of the luma (numpy)', () => {
  const { brightness, contrast } = exposure(luma(patternImage(9, 7)));
  expect(brightness).toBeCloseTo(122.0303, 3);
  expect(contrast).toBeCloseTo(47.3484, 3);
});

it('of a flat image has no contrast', () => {
  expect(exposure({ width: 2, height: 1, data: Float32Array.of(90, 90) })).toEqual({ brightness: 90, contrast: 0 });
});
