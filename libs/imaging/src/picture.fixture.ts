import sharp, { type Sharp } from 'sharp';
import './codec.js';

/** Four coloured quadrants: red and green above, blue and grey below. No two orientations of it look alike. */
export const QUADRANTS = [
  [200, 60, 40],
  [40, 180, 70],
  [50, 70, 190],
  [150, 150, 150],
] as const;

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** `at` maps a pixel of the made image to the pixel of the quadrant picture that it shows. For tests. */
export function quadrants(
  width: number,
  height: number,
  at: (x: number, y: number) => readonly [number, number] = (x, y) => [x, y],
  frame = { width, height },
): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [px, py] = at(x, y);
      const quadrant = (px < frame.width / 2 ? 0 : 1) + (py < frame.height / 2 ? 0 : 2);
      data.set(QUADRANTS[quadrant]!, (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

export function pipelineOf({ width, height, data }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

export function pixelAt(image: Pixels, x: number, y: number): number[] {
  const at = (y * image.width + x) * 3;
  return [...image.data.subarray(at, at + 3)];
}

/** The colours at the middle of the four quadrants: left above, right above, left below, right below. */
export function middles(image: Pixels): number[][] {
  const [left, right] = [Math.floor(image.width / 4), Math.floor((image.width * 3) / 4)] as const;
  const [above, below] = [Math.floor(image.height / 4), Math.floor((image.height * 3) / 4)] as const;
  return [
    pixelAt(image, left, above),
    pixelAt(image, right, above),
    pixelAt(image, left, below),
    pixelAt(image, right, below),
  ];
}

/** Largest difference between two lists of colours. */
export function worstDifference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  return Math.max(...a.flatMap((colour, i) => colour.map((value, c) => Math.abs(value - b[i]![c]!))));
}
