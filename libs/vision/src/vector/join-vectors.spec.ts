import { expect, it } from 'vitest';
import { joinVectors } from './join-vectors.js';

it('puts vectors one behind the other, none of them too', () => {
  expect([...joinVectors([Float32Array.of(1, 2), Float32Array.of(3, 4)])]).toEqual([1, 2, 3, 4]);
  expect(joinVectors([])).toHaveLength(0);
});

it('refuses vectors of different lengths', () => {
  const some = [Float32Array.of(1, 2), Float32Array.of(3)];
  expect(() => joinVectors(some)).toThrow('Vector 1 has 1 values, the first has 2.');
  expect(() => joinVectors(some.toReversed())).toThrow(RangeError);
});
