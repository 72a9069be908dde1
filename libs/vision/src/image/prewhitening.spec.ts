import { expect, it } from 'vitest';
import { prewhitening } from './prewhitening.js';

it('is the mean and the deviation of all values of a picture', () => {
  const data = Uint8Array.of(10, 20, 30, 10, 20, 30);
  const { mean, std } = prewhitening({ width: 2, height: 1, data });
  expect(mean).toBe(20);
  expect(std).toBeCloseTo(Math.sqrt(200 / 3), 12);
});

it('of one colour divides by no less than 1/√n', () => {
  const data = new Uint8Array(12).fill(7);
  expect(prewhitening({ width: 2, height: 2, data })).toEqual({ mean: 7, std: 1 / Math.sqrt(12) });
});
