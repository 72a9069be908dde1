import { describe, expect, it } from 'vitest';
import { greyTensor, toInterleavedTensor, toPlanarTensor } from './planar-tensor.js';

const image = { width: 2, height: 1, data: Uint8Array.of(255, 0, 10, 128, 64, 32) };

describe('toPlanarTensor', () => {
  it('writes the planes in the asked order', () => {
    expect([...toPlanarTensor(image, { mean: 0, std: 1, order: 'rgb' })]).toEqual([255, 128, 0, 64, 10, 32]);
    expect([...toPlanarTensor(image, { mean: 0, std: 1, order: 'bgr' })]).toEqual([10, 32, 0, 64, 255, 128]);
  });

  it('scales to (value − mean) / std', () => {
    const tensor = toPlanarTensor(image, { mean: 127.5, std: 128, order: 'rgb' });
    expect([...tensor]).toEqual([0.99609375, 0.00390625, -0.99609375, -0.49609375, -0.91796875, -0.74609375]);
  });

  it('scales each channel by its own values, which go with the channels of the tensor', () => {
    const options = { mean: [10, 64, 255], std: [1, 2, 5] } as const;
    expect([...toPlanarTensor(image, { ...options, order: 'bgr' })]).toEqual(
      [0, 22, -32, 0, 0, -127 / 5].map(Math.fround),
    );
  });

  it('fills one place of a batch and leaves the others alone', () => {
    const batch = new Float32Array(18).fill(-7);
    expect(toPlanarTensor(image, { mean: 0, std: 1, order: 'rgb' }, batch, 6)).toBe(batch);
    expect([...batch.subarray(6, 12)]).toEqual([255, 128, 0, 64, 10, 32]);
    expect([...batch.subarray(0, 6), ...batch.subarray(12)]).toEqual(new Array(12).fill(-7));
  });

  it('refuses a place that does not exist and a std of 0', () => {
    expect(() => toPlanarTensor(image, { mean: 0, std: 1, order: 'rgb' }, new Float32Array(8), 3)).toThrow(RangeError);
    expect(() => toPlanarTensor(image, { mean: 0, std: 0, order: 'rgb' })).toThrow(RangeError);
  });
});

describe('toInterleavedTensor', () => {
  it('writes the channels of a pixel side by side, in the asked order', () => {
    expect([...toInterleavedTensor(image, { mean: 0, std: 1, order: 'rgb' })]).toEqual([...image.data]);
    expect([...toInterleavedTensor(image, { mean: [10, 0, 55], std: 1, order: 'bgr' })]).toEqual([
      0, 0, 200, 22, 64, 73,
    ]);
  });

  it('fills one place of a batch', () => {
    const batch = new Float32Array(12).fill(-7);
    toInterleavedTensor(image, { mean: 0, std: 1, order: 'rgb' }, batch, 6);
    expect([...batch]).toEqual([...new Array<number>(6).fill(-7), ...image.data]);
  });
});

describe('greyTensor', () => {
  it('scales luma', () => {
    const grey = { width: 2, height: 1, data: Float32Array.of(64, 192) };
    expect([...greyTensor(grey, { mean: 0, std: 256 })]).toEqual([0.25, 0.75]);
    expect(() => greyTensor(grey, { mean: 0, std: 256 }, new Float32Array(2), 1)).toThrow(RangeError);
  });
});
