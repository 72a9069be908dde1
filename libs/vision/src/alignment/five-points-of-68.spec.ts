import { expect, it } from 'vitest';
import { fivePointsOf68 } from './five-points-of-68.js';

it('averages eyelids and lip corners', () => {
  // Point i is (i, i²), so every mean is known: x of the left eye is (37+38+40+41)/4 = 39, y its mean of squares.
  const landmarks = Array.from({ length: 68 }, (_, i) => ({ x: i, y: i * i }));
  expect(fivePointsOf68(landmarks)).toEqual([
    { x: 39, y: 1523.5 },
    { x: 45, y: 2027.5 },
    { x: 30, y: 900 },
    { x: 54, y: 2952 },
    { x: 59, y: 3506 },
  ]);
});

it('refuses another number of landmarks', () => {
  expect(() => fivePointsOf68([{ x: 0, y: 0 }])).toThrow(RangeError);
});
