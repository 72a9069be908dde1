import type { Box, Point } from './shapes.js';

/** The square around the box's centre whose side is the box's longer side × scale. */
export function squareAround(box: Box, scale: number): Box {
  const side = Math.max(box.width, box.height) * scale;
  return {
    x: box.x + (box.width - side) / 2,
    y: box.y + (box.height - side) / 2,
    width: side,
    height: side,
  };
}

/** The box with its longer side cut to so many shorter sides, about the same centre. */
export function withAspect(box: Box, most: number): Box {
  const width = Math.min(box.width, box.height * most);
  const height = Math.min(box.height, box.width * most);
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/**
 * The square around the points: centre of their bounding box, side its longer side × scale.
 *
 * @throws RangeError when there are no points.
 */
export function boundingSquare(points: readonly Point[], scale: number): Box {
  if (points.length === 0) throw new RangeError('A bounding square needs at least one point.');
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return squareAround({ x: left, y: top, width: right - left, height: bottom - top }, scale);
}
