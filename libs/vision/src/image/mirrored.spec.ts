import { expect, it } from 'vitest';
import { mirrored } from './mirrored.js';

it('exchanges left and right of every row and keeps the channels', () => {
  const image = { width: 2, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) };
  expect([...mirrored(image).data]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
  expect(mirrored(mirrored(image))).toEqual(image);
  expect(() => mirrored({ ...image, width: 3 })).toThrow(RangeError);
});
