import { describe, expect, it } from 'vitest';
import { cropResize } from '../image/crop-resize.js';
import { patternImage } from '../pattern.fixture.js';
import { warpAffine } from './warp-affine.js';

describe('warpAffine', () => {
  const image = patternImage(40, 30);

  it('agrees within 1 with numpy on a turned image, black outside', () => {
    const { data } = warpAffine(image, [0.9, -0.3, 5, 0.3, 0.9, -4], 8, 6);
    // Columns 0, 3 and 6 of each row, three channels each.
    const expected = [
      0, 0, 0, 37, 57, 77, 145, 206, 68, 0, 0, 0, 108, 148, 75, 105, 109, 85, 0, 0, 0, 223, 114, 89, 52, 113, 174, 0, 0,
      0, 115, 119, 180, 157, 161, 80, 0, 0, 0, 163, 110, 114, 106, 110, 143, 0, 0, 0, 112, 88, 149, 155, 216, 107,
    ];
    const found = Array.from({ length: 6 }, (_, y) =>
      [0, 3, 6].flatMap((x) => [...data.subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3)]),
    ).flat();
    const worst = Math.max(...expected.map((value, index) => Math.abs(value - found[index]!)));
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('of a whole-pixel shift equals a crop', () => {
    const shifted = warpAffine(image, [1, 0, -6, 0, 1, -4], 20, 15);
    expect(shifted).toEqual(cropResize(image, { x: 6, y: 4, width: 20, height: 15 }, 20, 15));
  });

  it('of the identity is the image itself, to its last row and column', () => {
    expect(warpAffine(image, [1, 0, 0, 0, 1, 0], 40, 30)).toEqual(image);
  });

  it('of a quarter turn moves pixels without blending them', () => {
    const turned = warpAffine(
      { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
      [0, -1, 0, 1, 0, 0],
      1,
      2,
    );
    expect([...turned.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('refuses a matrix without inverse and data of another length', () => {
    expect(() => warpAffine(image, [0, 0, 0, 0, 0, 0], 4, 4)).toThrow(RangeError);
    expect(() => warpAffine({ ...image, width: 41 }, [1, 0, 0, 0, 1, 0], 4, 4)).toThrow(RangeError);
  });
});
