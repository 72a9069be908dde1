import { expect, it } from 'vitest';
import { boundingSquare, squareAround, withAspect } from './square.js';

it('squareAround keeps the centre and scales the longer side', () => {
  expect(squareAround({ x: 10, y: 20, width: 30, height: 50 }, 1.2)).toEqual({ x: -5, y: 15, width: 60, height: 60 });
});

it('withAspect cuts the longer side, on both ends alike, and nothing else', () => {
  expect(withAspect({ x: 10, y: 20, width: 30, height: 60 }, 1.5)).toEqual({ x: 10, y: 27.5, width: 30, height: 45 });
  expect(withAspect({ x: 10, y: 20, width: 60, height: 30 }, 1.5)).toEqual({ x: 17.5, y: 20, width: 45, height: 30 });
  const square = { x: 1, y: 2, width: 3, height: 4 };
  expect(withAspect(square, 1.5)).toEqual(square);
  expect(withAspect(square, Infinity)).toEqual(square);
});

it('boundingSquare encloses the points about the centre of their bounding box', () => {
  const points = [
    { x: 0, y: 5 },
    { x: 20, y: 5 },
    { x: 4, y: 15 },
  ];
  expect(boundingSquare(points, 1.5)).toEqual({ x: -5, y: -5, width: 30, height: 30 });
  expect(() => boundingSquare([], 1)).toThrow(RangeError);
});
