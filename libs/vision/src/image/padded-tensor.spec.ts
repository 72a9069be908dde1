import { expect, it } from 'vitest';
import { paddedTensor } from './padded-tensor.js';
import { toPlanarTensor } from './planar-tensor.js';

const image = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };

it('lays the picture into the top left corner, the rest black', () => {
  const tensor = paddedTensor(image, { width: 3, height: 2 }, { mean: 2, std: 2, order: 'rgb' });
  expect([...tensor.subarray(0, 6)]).toEqual([4, 19, -1, -1, -1, -1]);
  expect([...tensor.subarray(12, 14)]).toEqual([14, 29]);
});

it('takes a mean for each plane, in the order of the planes', () => {
  const tensor = paddedTensor(image, image, { mean: [1, 2, 3], std: 1, order: 'bgr' });
  expect([...tensor]).toEqual([29, 59, 18, 48, 7, 37]);
});

it('is the plain tensor when nothing is to be filled', () => {
  const options = { mean: 127, std: 128, order: 'rgb' } as const;
  expect(paddedTensor(image, image, options)).toEqual(toPlanarTensor(image, options));
});

it('refuses a picture that does not fit', () => {
  expect(() => paddedTensor(image, { width: 1, height: 1 }, { mean: 0, std: 1, order: 'rgb' })).toThrow(RangeError);
});
