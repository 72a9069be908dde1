import { expect, it } from 'vitest';
import { firstLandmarkCrop, landmarksInImage, secondLandmarkCrop } from './landmark-crop.js';

it('looks first at 1.2 × the box, then at 1.15 × the landmarks', () => {
  expect(firstLandmarkCrop({ x: 0, y: 0, width: 80, height: 100 })).toEqual({
    x: -20,
    y: -10,
    width: 120,
    height: 120,
  });
  const crop = secondLandmarkCrop([
    { x: 10, y: 0 },
    { x: 30, y: 100 },
  ]);
  expect(crop.width).toBeCloseTo(115, 12);
  expect(crop.x).toBeCloseTo(-37.5, 12);
  expect(crop.y).toBeCloseTo(-7.5, 12);
});

it('places fractions of the crop in the image', () => {
  const crop = { x: 10, y: -20, width: 100, height: 200 };
  expect(landmarksInImage(Float32Array.of(0, 0, 1, 0.5, -0.25, 1.25), crop)).toEqual([
    { x: 10, y: -20 },
    { x: 110, y: 80 },
    { x: -15, y: 230 },
  ]);
});

it('refuses half a point and a value that is not a number', () => {
  const crop = { x: 0, y: 0, width: 1, height: 1 };
  expect(() => landmarksInImage(new Float32Array(3), crop)).toThrow(RangeError);
  expect(() => landmarksInImage(Float32Array.of(0, Number.NaN), crop)).toThrow(RangeError);
});
