import { expect, it } from 'vitest';
import { QUADRANTS, middles, quadrants, worstDifference } from './picture.fixture.js';
import { resizeExact } from './resize-exact.js';

it('squashes to the asked size in a buffer of its own', async () => {
  const image = await resizeExact(quadrants(300, 90), 64, 48);
  expect([image.width, image.height, image.data.length]).toEqual([64, 48, 64 * 48 * 3]);
  expect([image.data.byteOffset, image.data.buffer.byteLength]).toEqual([0, 64 * 48 * 3]);
  expect(worstDifference(middles(image), QUADRANTS)).toBeLessThanOrEqual(1);
});

it('enlarges as well', async () => {
  const image = await resizeExact(quadrants(10, 10), 320, 240);
  expect(worstDifference(middles(image), QUADRANTS)).toBeLessThanOrEqual(1);
});

it('filters when it shrinks: a fine checkerboard becomes grey', async () => {
  const data = new Uint8Array(640 * 480 * 3).map((_, at) => {
    const pixel = Math.floor(at / 3);
    return ((pixel % 640) + Math.floor(pixel / 640)) % 2 === 0 ? 0 : 255;
  });
  const image = await resizeExact({ width: 640, height: 480, data }, 64, 48);
  expect(Math.max(...image.data) - Math.min(...image.data)).toBeLessThan(16);
});

it('refuses a side of 0', async () => {
  await expect(resizeExact(quadrants(10, 10), 0, 5)).rejects.toThrow();
});
