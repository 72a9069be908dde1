import type { FivePoints, Point } from '../geometry/shapes.js';
import { ARCFACE_TEMPLATE } from './arcface-template.js';

/**
 * Five points of a face of which only the eyes are known: nose and mouth lie where the template has them, turned, scaled and
 * moved as the eyes are. Aligning by them is aligning by the eyes alone.
 *
 * @param left - centre of the eye at the left of the picture
 */
export function pointsFromEyes(left: Point, right: Point): FivePoints {
  const [from, to] = [ARCFACE_TEMPLATE[0], ARCFACE_TEMPLATE[1]];
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = x * x + y * y;
  // The complex number that brings the template's eyes onto these.
  const real = ((right.x - left.x) * x + (right.y - left.y) * y) / length;
  const imaginary = ((right.y - left.y) * x - (right.x - left.x) * y) / length;
  const place = (point: Point): Point => ({
    x: left.x + real * (point.x - from.x) - imaginary * (point.y - from.y),
    y: left.y + imaginary * (point.x - from.x) + real * (point.y - from.y),
  });
  const [, , nose, mouthLeft, mouthRight] = ARCFACE_TEMPLATE;
  return [left, right, place(nose), place(mouthLeft), place(mouthRight)];
}
