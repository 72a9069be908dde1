/** Rows and columns of a tile: with 512 numbers each, both sides stay in a core's second-level cache. */
export const TILE = 32;

/**
 * Inner products of two runs of unit vectors, so their cosines: row by row into `out`, whose rows have TILE places.
 *
 * Four rows against four columns at a time: each number that was loaded is used four times, which is several times as
 * fast as pair after pair. Sums run in double precision.
 *
 * @param vectors count × dimension numbers; both sides are taken from here.
 * @param rows first and one past the last vector of the rows, at most TILE; `columns` alike.
 */
export function tileProduct(
  vectors: Float32Array,
  dimension: number,
  [rowFrom, rowTo]: readonly [number, number],
  [columnFrom, columnTo]: readonly [number, number],
  out: Float64Array,
): void {
  for (let row = rowFrom; row < rowTo; row += 4) {
    for (let column = columnFrom; column < columnTo; column += 4) {
      const place = (row - rowFrom) * TILE + column - columnFrom;
      if (row + 4 <= rowTo && column + 4 <= columnTo) {
        fourByFour(vectors, row * dimension, column * dimension, dimension, out, place);
      } else {
        for (let r = row; r < Math.min(row + 4, rowTo); r++) {
          for (let c = column; c < Math.min(column + 4, columnTo); c++) {
            out[place + (r - row) * TILE + c - column] = product(vectors, r * dimension, c * dimension, dimension);
          }
        }
      }
    }
  }
}

function product(v: Float32Array, a: number, b: number, dimension: number): number {
  let sum = 0;
  for (let d = 0; d < dimension; d++) sum += v[a + d]! * v[b + d]!;
  return sum;
}

function fourByFour(
  v: Float32Array,
  row: number,
  column: number,
  dimension: number,
  out: Float64Array,
  at: number,
): void {
  const [r1, r2, r3] = [row + dimension, row + 2 * dimension, row + 3 * dimension];
  const [c1, c2, c3] = [column + dimension, column + 2 * dimension, column + 3 * dimension];
  // prettier-ignore
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0,
    s20 = 0, s21 = 0, s22 = 0, s23 = 0, s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  // No destructuring here: it costs five times the time.
  // prettier-ignore
  for (let d = 0; d < dimension; d++) {
    const x0 = v[row + d]!, x1 = v[r1 + d]!, x2 = v[r2 + d]!, x3 = v[r3 + d]!;
    const y0 = v[column + d]!, y1 = v[c1 + d]!, y2 = v[c2 + d]!, y3 = v[c3 + d]!;
    s00 += x0 * y0; s01 += x0 * y1; s02 += x0 * y2; s03 += x0 * y3;
    s10 += x1 * y0; s11 += x1 * y1; s12 += x1 * y2; s13 += x1 * y3;
    s20 += x2 * y0; s21 += x2 * y1; s22 += x2 * y2; s23 += x2 * y3;
    s30 += x3 * y0; s31 += x3 * y1; s32 += x3 * y2; s33 += x3 * y3;
  }
  out.set([s00, s01, s02, s03], at);
  out.set([s10, s11, s12, s13], at + TILE);
  out.set([s20, s21, s22, s23], at + 2 * TILE);
  out.set([s30, s31, s32, s33], at + 3 * TILE);
}
