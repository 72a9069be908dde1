import type { Box } from '../geometry/shapes.js';
import type { Detection } from './detection.js';

/** Area of the overlap ÷ area of the union, 0..1 (Jaccard index). Two boxes without area give 0. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const overlap = width * height;
  return overlap / (a.width * a.height + b.width * b.height - overlap);
}

export interface NonMaximumSuppressionOptions {
  /** A detection that overlaps a better one by more than this, 0..1, is dropped. Default 0.4. */
  readonly iou?: number;
  /** Stops when this many are kept. Default: all. */
  readonly most?: number;
  /** How the overlap of two boxes is measured, 0..1. Default intersectionOverUnion. */
  readonly overlap?: (a: Box, b: Box) => number;
}

/**
 * Greedy non-maximum suppression: the best detection stays, those overlapping it too much go, and so on.
 *
 * @returns highest score first; equal scores keep their order, so the result is the same on every run.
 */
export function nonMaximumSuppression<Found extends Detection>(
  detections: readonly Found[],
  { iou = 0.4, most = Infinity, overlap = intersectionOverUnion }: NonMaximumSuppressionOptions = {},
): Found[] {
  const kept: Found[] = [];
  for (const candidate of detections.toSorted((a, b) => b.score - a.score)) {
    if (kept.length >= most) break;
    if (kept.every((better) => overlap(better.box, candidate.box) <= iou)) kept.push(candidate);
  }
  return kept;
}
