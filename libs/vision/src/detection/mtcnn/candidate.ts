import type { Box, FivePoints } from '../../geometry/shapes.js';
import { intersectionOverUnion } from '../non-maximum-suppression.js';
import type { Detection } from '../detection.js';

/** What a network says of one square. */
export interface Candidate extends Detection {
  /** How far the face's left, top, right and bottom edge are from those of the box, in parts of its width and height. */
  readonly shift: readonly [left: number, top: number, right: number, bottom: number];
  /** From the last network only. */
  readonly points?: FivePoints;
}

/** The box moved to where its network saw the edges of the face. */
export function calibrated({ box, shift }: Pick<Candidate, 'box' | 'shift'>): Box {
  const [left, top, right, bottom] = shift;
  return {
    x: box.x + left * box.width,
    y: box.y + top * box.height,
    width: box.width * (1 + right - left),
    height: box.height * (1 + bottom - top),
  };
}

/** Area of the overlap ÷ area of the smaller box, 0..1: a box inside another overlaps it wholly. */
export function intersectionOverSmaller(a: Box, b: Box): number {
  const iou = intersectionOverUnion(a, b);
  const [areaA, areaB] = [a.width * a.height, b.width * b.height];
  const overlap = (iou * (areaA + areaB)) / (1 + iou);
  return overlap === 0 ? 0 : overlap / Math.min(areaA, areaB);
}
