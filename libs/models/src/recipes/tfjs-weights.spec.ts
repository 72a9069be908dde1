import { describe, expect, it } from 'vitest';
import { readTfjsWeights, tensorOf } from './tfjs-weights.js';

const manifest = (weights: readonly object[]): Uint8Array =>
  Buffer.from(JSON.stringify([{ paths: ['a.bin'], weights }]));
const floats = { name: 'floats', shape: [2], dtype: 'float32' };
const quantised = {
  name: 'bytes',
  shape: [3, 1],
  dtype: 'float32',
  quantization: { dtype: 'uint8', scale: 0.5, min: -2 },
};

describe('weights as TensorFlow.js publishes them', () => {
  it('are floats and bytes, one tensor after the other', () => {
    // The floats begin at an odd byte, as they may in a real file.
    const bytes = Buffer.concat([Buffer.of(0, 4, 255), Buffer.from(Float32Array.of(1.5, -3).buffer)]);
    const tensors = readTfjsWeights(manifest([quantised, floats]), bytes);
    expect([...tensorOf(tensors, 'bytes', [3, 1])]).toEqual([-2, 0, 125.5]);
    expect([...tensorOf(tensors, 'floats', [2])]).toEqual([1.5, -3]);
  });

  it('are refused when they do not fit their manifest', () => {
    expect(() => readTfjsWeights(manifest([floats]), Buffer.alloc(7))).toThrow('end inside floats');
    expect(() => readTfjsWeights(manifest([floats]), Buffer.alloc(9))).toThrow('describes 8 bytes of 9');
    expect(() => readTfjsWeights(manifest([{ ...floats, dtype: 'int32' }]), Buffer.alloc(8))).toThrow('float32');
    expect(() => readTfjsWeights(Buffer.from('no JSON'), Buffer.alloc(8))).toThrow(SyntaxError);
  });

  it('are asked for by name and shape', () => {
    const tensors = readTfjsWeights(manifest([floats]), Buffer.alloc(8));
    expect(() => tensorOf(tensors, 'other', [2])).toThrow('There is no tensor other among the weights.');
    expect(() => tensorOf(tensors, 'floats', [1, 2])).toThrow('The tensor floats is 2; 1×2 was expected.');
  });
});
