import { expect, it } from 'vitest';
import { apply, invert } from './matrix.js';

it('apply maps a point by rows', () => {
  expect(apply([1, 2, 3, 4, 5, 6], { x: 10, y: 100 })).toEqual({ x: 213, y: 546 });
});

it('invert undoes apply', () => {
  const matrix = [0.9, -0.3, 5, 0.2, 1.1, -4] as const;
  const back = apply(invert(matrix), apply(matrix, { x: 12.5, y: -7 }));
  expect(back.x).toBeCloseTo(12.5, 12);
  expect(back.y).toBeCloseTo(-7, 12);
});

it('invert refuses a map that flattens the plane', () => {
  expect(() => invert([1, 2, 0, 2, 4, 0])).toThrow(RangeError);
});
