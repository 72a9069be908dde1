import { expect, it } from 'vitest';
import { tenFoldAccuracy } from './ten-fold-accuracy.js';

it('chooses the threshold on the other folds only', () => {
  // Each fold alone is separable, but the third needs another threshold than the first two agree on.
  const easy = { genuine: [0.9, 0.8], impostor: [0.2, 0.1] };
  const shifted = { genuine: [0.45, 0.4], impostor: [0.05, 0.01] };
  const { accuracy, folds, standardError } = tenFoldAccuracy([easy, easy, shifted]);
  expect(folds.map((fold) => fold.accuracy)).toEqual([1, 1, 0.5]);
  expect(folds[2]!.threshold).toBe(0.5);
  expect(accuracy).toBeCloseTo(5 / 6, 12);
  // Sample standard deviation of 1, 1, 0.5 is 0.288675; ÷ √3.
  expect(standardError).toBeCloseTo(1 / 6, 12);
});

it('takes typed arrays and refuses a single fold', () => {
  const fold = { genuine: Float32Array.of(1), impostor: Float32Array.of(0) };
  expect(tenFoldAccuracy([fold, fold]).accuracy).toBe(1);
  expect(() => tenFoldAccuracy([fold])).toThrow(RangeError);
});
