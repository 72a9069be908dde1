import type { Box } from '../geometry/shapes.js';

export interface Detection {
  readonly box: Box;
  /** 0..1. */
  readonly score: number;
}
