import { describe, expect, it } from 'vitest';
import { CROP_BYTES } from '@facelane/contracts';
import { requireAgreement, syntheticCrops } from './self-test.js';

const vector = (...values: number[]): Float32Array => Float32Array.from(values);

describe('the self-test', () => {
  it('accepts vectors that agree', () => {
    expect(() => requireAgreement([vector(1, 0), vector(0, 1)], [vector(1, 0.001), vector(0, 1)], 'cpu')).not.toThrow();
  });

  it('refuses a batch whose rows are exchanged', () => {
    const [a, b] = [vector(1, 0), vector(0, 1)];
    expect(() => requireAgreement([b, a], [a, b], 'cuda (x)')).toThrow(
      'The embedder on cuda (x) gives crop 0 of a batch of 2 another vector than alone (cosine 0.000000).',
    );
  });

  it('refuses an embedder that always says the same', () => {
    const same = [vector(1, 1), vector(1, 1)];
    expect(() => requireAgreement(same, same, 'cpu')).toThrow('the same vector for different crops');
  });

  it('uses crops that differ and never change', () => {
    const crops = syntheticCrops(2);
    expect(crops.length).toBe(2 * CROP_BYTES);
    expect([...crops.subarray(5000, 5006)]).toEqual([...syntheticCrops(32).subarray(5000, 5006)]);
    expect(Buffer.compare(crops.subarray(0, CROP_BYTES), crops.subarray(CROP_BYTES))).not.toBe(0);
  });
});
