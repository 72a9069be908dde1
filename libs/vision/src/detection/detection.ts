import type { Box, FivePoints } from '../geometry/shapes.js';

export interface Detection {
  readonly box: Box;
  /** 0..1. */
  readonly score: number;
  /** Where the network also finds points. */
  readonly points?: FivePoints;
}
