import { describe, expect, it } from 'vitest';
import { CROP_BYTES, CROP_SIDE } from '@facelane/contracts';
import { syntheticCrops } from '../engine/self-test.js';
import { embedderBatch, inputShape } from './embedder.input.js';

const facts = { name: 'input', layout: 'NCHW', width: 112, height: 112, order: 'RGB' } as const;
const plain = { ...facts, mean: 0, std: 1 };
const PLANE = CROP_SIDE * CROP_SIDE;

/** Two crops: one of the colour (10, 20, 30) with a red left column, one grey. */
function crops(): Uint8Array {
  const bytes = new Uint8Array(2 * CROP_BYTES).fill(128);
  for (let pixel = 0; pixel < PLANE; pixel++) {
    bytes.set(pixel % CROP_SIDE === 0 ? [255, 0, 0] : [10, 20, 30], pixel * 3);
  }
  return bytes;
}

describe('what an embedder is given', () => {
  it('is the crops themselves, in planes or pixel by pixel', () => {
    const planes = embedderBatch(plain, crops(), false);
    expect(planes.shape).toEqual([2, 3, 112, 112]);
    expect([0, 1, PLANE + 1, 2 * PLANE + 1, 3 * PLANE].map((at) => planes.data[at])).toEqual([255, 10, 20, 30, 128]);
    const pixels = embedderBatch({ ...plain, layout: 'NHWC', order: 'BGR' }, crops(), false);
    expect(pixels.shape).toEqual([2, 112, 112, 3]);
    expect([...pixels.data.subarray(0, 6)]).toEqual([0, 0, 255, 30, 20, 10]);
  });

  it('is resized to another side', () => {
    const { shape, data } = embedderBatch({ ...plain, width: 160, height: 152 }, crops(), false);
    expect(shape).toEqual([2, 3, 152, 160]);
    expect(data.length).toBe(2 * 3 * 152 * 160);
    expect([data[159], data[152 * 160 + 159]]).toEqual([10, 20]);
  });

  it('is a part of the crop, whose edge goes on where the part reaches beyond', () => {
    const left = embedderBatch({ ...plain, width: 8, height: 8, area: { x: -8, y: 52, side: 8 } }, crops(), false);
    expect([...new Set(left.data.subarray(0, 64))]).toEqual([255]);
    const inner = embedderBatch({ ...plain, width: 8, height: 8, area: { x: 52, y: 52, side: 8 } }, crops(), false);
    expect([...new Set(inner.data.subarray(0, 64))]).toEqual([10]);
  });

  it("is whitened by each picture's own values", () => {
    const { data } = embedderBatch({ ...facts, prewhiten: true }, syntheticCrops(2), false);
    for (const row of [0, 1]) {
      const values = data.subarray(row * CROP_BYTES, (row + 1) * CROP_BYTES);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(mean).toBeCloseTo(0, 4);
      expect(variance).toBeCloseTo(1, 4);
    }
  });

  it('holds the mirrored pictures behind the others', () => {
    const { shape, data } = embedderBatch(plain, crops(), true);
    expect(shape).toEqual([4, 3, 112, 112]);
    const mirror = data.subarray(2 * CROP_BYTES, 3 * CROP_BYTES);
    expect([mirror[0], mirror[CROP_SIDE - 1]]).toEqual([10, 255]);
    expect(data.subarray(3 * CROP_BYTES)).toEqual(data.subarray(CROP_BYTES, 2 * CROP_BYTES));
  });

  it('has a shape that can be asked for, and is made of whole crops', () => {
    expect(inputShape({ ...plain, layout: 'NHWC', width: 160 }, 3)).toEqual([3, 112, 160, 3]);
    expect(() => embedderBatch(plain, new Uint8Array(0), false)).toThrow(RangeError);
    expect(() => embedderBatch(plain, new Uint8Array(CROP_BYTES + 1), false)).toThrow(RangeError);
  });
});
