import { describe, expect, it } from 'vitest';
import { patternImage } from '../pattern.fixture.js';
import { cropResize, cropResizeGrey, resizeBilinear } from './crop-resize.js';

// Expected values come from dense weight matrices in numpy; bytes must agree within 1, floats within 0.01.
describe('cropResize', () => {
  const image = patternImage(40, 30);

  it('shrinks a box that leaves the image on the left, filtered, border replicated', () => {
    const { data } = cropResize(image, { x: -4.5, y: 3.25, width: 33, height: 21.5 }, 4, 3);
    expectBytes(
      data,
      [
        125, 133, 134, 124, 130, 129, 127, 127, 131, 127, 128, 133, 127, 116, 132, 122, 133, 130, 128, 129, 135, 131,
        128, 129, 114, 128, 134, 128, 127, 131, 127, 124, 135, 129, 127, 129,
      ],
    );
  });

  it('enlarges bilinearly', () => {
    const { data } = resizeBilinear(patternImage(3, 2), 5, 3);
    expectBytes(
      data,
      [
        0, 61, 122, 1, 62, 123, 3, 64, 125, 8, 69, 130, 12, 73, 134, 3, 64, 125, 5, 66, 127, 9, 70, 131, 17, 78, 139,
        22, 83, 144, 5, 66, 127, 9, 70, 131, 15, 76, 137, 25, 86, 147, 31, 92, 153,
      ],
    );
  });

  it('copies pixels when the box is whole pixels of the output size', () => {
    const { data } = cropResize(image, { x: 7, y: 5, width: 2, height: 2 }, 2, 2);
    const at = (x: number, y: number): number[] => [...image.data.subarray((y * 40 + x) * 3, (y * 40 + x) * 3 + 3)];
    expect([...data]).toEqual([...at(7, 5), ...at(8, 5), ...at(7, 6), ...at(8, 6)]);
  });

  it('repeats the nearest corner for a box wholly outside', () => {
    const { data } = cropResize(image, { x: -90, y: -90, width: 10, height: 10 }, 2, 1);
    expect([...data]).toEqual([...image.data.subarray(0, 3), ...image.data.subarray(0, 3)]);
  });

  it.each([
    { x: 0, y: 0, width: 0, height: 5 },
    { x: 0, y: 0, width: 5, height: -1 },
    { x: Number.NaN, y: 0, width: 5, height: 5 },
  ])('refuses a box without area: %o', (box) => {
    expect(() => cropResize(image, box, 4, 4)).toThrow(RangeError);
  });

  it('refuses data of another length', () => {
    expect(() => resizeBilinear({ width: 2, height: 2, data: new Uint8Array(11) }, 1, 1)).toThrow(/12 bytes; found 11/);
  });
});

describe('cropResizeGrey', () => {
  it('weighs the channels into luma without rounding', () => {
    const { data } = cropResizeGrey(patternImage(40, 30), { x: 30.2, y: -2.3, width: 14, height: 10 }, 5, 4);
    const expected = [
      101.735, 115.163, 93.314, 84.636, 81.259, 111.074, 142.43, 98.478, 88.377, 85.905, 109.74, 158.459, 137.538,
      123.945, 123.525, 97.926, 103.189, 112.585, 132.521, 135.934,
    ];
    expect(data).toHaveLength(20);
    expected.forEach((value, index) => expect(data[index]).toBeCloseTo(value, 2));
  });
});

function expectBytes(found: Uint8Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const worst = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index]!)), 0);
  expect(worst).toBeLessThanOrEqual(1);
}
