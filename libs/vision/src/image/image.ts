/** Pixels in memory: interleaved RGB, 3 bytes per pixel, rows from the top, no padding between rows. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Luma 0..255, one float per pixel, rows from the top. Floats keep the fractions that a resize makes. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** ITU-R BT.601 luma weights; the landmark model was trained on grey made with them. */
export const LUMA_RED = 0.299;
export const LUMA_GREEN = 0.587;
export const LUMA_BLUE = 0.114;

/** @throws RangeError when a side is not a positive integer or the data is not width × height × 3 bytes. */
export function requireRgb(image: RgbImage): void {
  requireSide('width', image.width);
  requireSide('height', image.height);
  const expected = image.width * image.height * 3;
  if (image.data.length !== expected) {
    throw new RangeError(
      `An RGB image of ${image.width}×${image.height} holds ${expected} bytes; found ${image.data.length}.`,
    );
  }
}

/** @throws RangeError when `value` is not a positive integer. */
export function requireSide(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a positive number of whole pixels; found ${value}.`);
  }
}
