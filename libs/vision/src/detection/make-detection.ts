import type { FivePoints, Point } from '../geometry/shapes.js';
import type { Detection } from './detection.js';

/** From corners to a detection; undefined without an area or with a value that is not finite. */
export function detectionOf(
  score: number,
  [left, top, right, bottom]: readonly [number, number, number, number],
  points?: FivePoints,
): Detection | undefined {
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  if (!(box.width > 0 && box.height > 0 && Number.isFinite(left + top + box.width + box.height))) return undefined;
  if (points === undefined) return { box, score };
  return points.every(({ x, y }) => Number.isFinite(x + y)) ? { box, score, points } : undefined;
}

/** Five points, each made by `at` from its number 0..4. */
export const fivePointsBy = (at: (index: number) => Point): FivePoints => [at(0), at(1), at(2), at(3), at(4)];
