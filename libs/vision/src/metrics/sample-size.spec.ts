import { expect, it } from 'vitest';
import { countForRate, leastCountForRate, lowestRate } from './sample-size.js';

it('follows the rules of 30 and of 3', () => {
  expect([1e-2, 1e-3, 1e-4, 1e-6, 0.07].map(countForRate)).toEqual([3000, 30_000, 300_000, 30_000_000, 429]);
  expect([1e-2, 1e-4, 0.07].map(leastCountForRate)).toEqual([300, 30_000, 43]);
  expect(lowestRate(300_000)).toBeCloseTo(1e-4, 12);
  // Where the rule of 3 comes from: no error in n trials of rate p has the probability (1 − p)ⁿ, here about 5 %.
  expect((1 - 1e-2) ** leastCountForRate(1e-2)).toBeCloseTo(0.05, 2);
});
