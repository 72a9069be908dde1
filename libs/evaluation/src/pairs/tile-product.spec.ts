import { expect, it } from 'vitest';
import { TILE, tileProduct } from './tile-product.js';

it('gives the inner product of every pair, also where four do not fit', () => {
  const dimension = 7;
  const vectors = Float32Array.from({ length: 20 * dimension }, (_, i) => ((i * 37) % 19) / 8 - 1);
  const out = new Float64Array(TILE * TILE).fill(Number.NaN);
  tileProduct(vectors, dimension, [2, 13], [4, 19], out);
  for (let row = 2; row < 13; row++) {
    for (let column = 4; column < 19; column++) {
      let sum = 0;
      for (let d = 0; d < dimension; d++) sum += vectors[row * dimension + d]! * vectors[column * dimension + d]!;
      expect(out[(row - 2) * TILE + column - 4]).toBeCloseTo(sum, 12);
    }
  }
  expect(out[15]).toBeNaN();
  expect(out[11 * TILE]).toBeNaN();
});
