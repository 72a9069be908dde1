/** Pixels of the image it was found in, origin top left; may reach past the edges. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels, x to the right and y down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Left eye, right eye, nose tip, left mouth corner, right mouth corner, left and right as seen in the image. */
export type FivePoints = readonly [Point, Point, Point, Point, Point];
