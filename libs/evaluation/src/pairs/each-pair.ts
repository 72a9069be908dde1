import type { PairData, RowRange } from './pair.tasks.js';
import { TILE, tileProduct } from './tile-product.js';

const tile = new Float64Array(TILE * TILE);

/** Calls back for every pair of the rows with each vector after them. */
export function eachPair(
  { vectors, dimension, people }: Pick<PairData, 'vectors' | 'dimension' | 'people'>,
  { from, to }: RowRange,
  visit: (first: number, second: number, score: number) => void,
): void {
  for (let row = from; row < to; row += TILE) {
    const rowEnd = Math.min(row + TILE, to);
    for (let column = row; column < people.length; column += TILE) {
      const columnEnd = Math.min(column + TILE, people.length);
      tileProduct(vectors, dimension, [row, rowEnd], [column, columnEnd], tile);
      for (let first = row; first < rowEnd; first++) {
        const line = (first - row) * TILE - column;
        for (let second = Math.max(column, first + 1); second < columnEnd; second++) {
          visit(first, second, tile[line + second]!);
        }
      }
    }
  }
}

/** Calls back for every probe of the range with each vector of the gallery. */
export function eachSearch(
  { vectors, dimension }: Pick<PairData, 'vectors' | 'dimension'>,
  { from, to, gallery }: RowRange & { readonly gallery: number },
  visit: (probe: number, enrolled: number, score: number) => void,
): void {
  for (let row = from; row < to; row += TILE) {
    const rowEnd = Math.min(row + TILE, to);
    for (let column = 0; column < gallery; column += TILE) {
      const columnEnd = Math.min(column + TILE, gallery);
      tileProduct(vectors, dimension, [row, rowEnd], [column, columnEnd], tile);
      for (let probe = row; probe < rowEnd; probe++) {
        const line = (probe - row) * TILE - column;
        for (let enrolled = column; enrolled < columnEnd; enrolled++) visit(probe, enrolled, tile[line + enrolled]!);
      }
    }
  }
}
