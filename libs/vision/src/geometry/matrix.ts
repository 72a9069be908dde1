import type { Point } from './shapes.js';

/** Affine map, row by row: (x, y) becomes (a·x + b·y + c, d·x + e·y + f). */
export type Matrix2x3 = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export function apply(matrix: Matrix2x3, point: Point): Point {
  const [a, b, c, d, e, f] = matrix;
  return { x: a * point.x + b * point.y + c, y: d * point.x + e * point.y + f };
}

/** @throws RangeError when the map flattens the plane and has no inverse. */
export function invert(matrix: Matrix2x3): Matrix2x3 {
  const [a, b, c, d, e, f] = matrix;
  const determinant = a * e - b * d;
  if (!Number.isFinite(determinant) || determinant === 0) {
    throw new RangeError(`The matrix [${matrix.join(', ')}] has no inverse.`);
  }
  return [
    e / determinant,
    -b / determinant,
    (b * f - c * e) / determinant,
    -d / determinant,
    a / determinant,
    (c * d - a * f) / determinant,
  ];
}
