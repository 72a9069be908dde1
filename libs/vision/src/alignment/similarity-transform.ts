import type { Matrix2x3 } from '../geometry/matrix.js';
import type { FivePoints, Point } from '../geometry/shapes.js';

/**
 * The rotation, uniform scale and shift (never a reflection) that brings `from` closest to `to`, in least squares.
 *
 * Umeyama, "Least-squares estimation of transformation parameters between two point patterns", IEEE TPAMI 13(4),
 * 1991. In the plane its singular value decomposition has a closed form: with points as complex numbers about their
 * means, scale · e^(i·angle) = Σ conj(from) · to ÷ Σ |from|².
 *
 * @throws RangeError when the `from` points coincide or a coordinate is not finite: no scale is defined.
 */
export function similarityTransform(from: FivePoints, to: FivePoints): Matrix2x3 {
  const fromMean = centroid(from);
  const toMean = centroid(to);
  let cosine = 0;
  let sine = 0;
  let spread = 0;
  for (const [index, source] of from.entries()) {
    const x = source.x - fromMean.x;
    const y = source.y - fromMean.y;
    const u = to[index]!.x - toMean.x;
    const v = to[index]!.y - toMean.y;
    cosine += x * u + y * v;
    sine += x * v - y * u;
    spread += x * x + y * y;
  }
  if (!(spread > 0) || !Number.isFinite(spread + cosine + sine)) {
    throw new RangeError('A similarity transform needs finite points that do not all coincide.');
  }
  const a = cosine / spread;
  const b = sine / spread;
  return [a, -b, toMean.x - a * fromMean.x + b * fromMean.y, b, a, toMean.y - b * fromMean.x - a * fromMean.y];
}

function centroid(points: FivePoints): Point {
  let x = 0;
  let y = 0;
  for (const point of points) {
    x += point.x / points.length;
    y += point.y / points.length;
  }
  return { x, y };
}
