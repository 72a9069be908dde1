import type { Box } from '../geometry/shapes.js';
import { type GreyImage, LUMA_BLUE, LUMA_GREEN, LUMA_RED, type RgbImage, requireRgb, requireSide } from './image.js';
import { type AxisFilter, triangleFilter } from './triangle-filter.js';

/**
 * Cuts `box` out of the image and resizes it to width × height, ignoring its aspect ratio.
 *
 * The box may lie partly or wholly outside: pixels there repeat the nearest edge pixel, so that a face cut by the
 * frame goes on as a smear instead of ending in a hard black edge that a landmark model would read as a feature.
 * Bilinear when enlarging, filtered when shrinking (see triangleFilter). Channels are rounded to bytes at the end.
 *
 * @throws RangeError when the box has no area, a side is not a positive integer, or the image's data is too short.
 */
export function cropResize(image: RgbImage, box: Box, width: number, height: number): RgbImage {
  const { columns, rows } = filters(image, box, width, height);
  const { low, count } = rowSpan(rows);
  const narrow = narrowRgb(image, columns, width, low, count);
  const data = new Uint8Array(width * height * 3);
  const line = new Float32Array(width * 3);
  for (let y = 0; y < height; y++) {
    sumRows(narrow, rows, y, low, line);
    const out = y * width * 3;
    for (let at = 0; at < line.length; at++) data[out + at] = line[at]! + 0.5;
  }
  return { width, height, data };
}

/** The same in luma (ITU-R BT.601), 0..255, not rounded: the input of the landmark model. Errors as cropResize. */
export function cropResizeGrey(image: RgbImage, box: Box, width: number, height: number): GreyImage {
  const { columns, rows } = filters(image, box, width, height);
  const { low, count } = rowSpan(rows);
  const narrow = narrowGrey(image, columns, width, low, count);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) sumRows(narrow, rows, y, low, data.subarray(y * width, (y + 1) * width));
  return { width, height, data };
}

/** Resizes the whole image to width × height, ignoring its aspect ratio. Filter and errors as cropResize. */
export function resizeBilinear(image: RgbImage, width: number, height: number): RgbImage {
  return cropResize(image, { x: 0, y: 0, width: image.width, height: image.height }, width, height);
}

function filters(image: RgbImage, box: Box, width: number, height: number): { columns: AxisFilter; rows: AxisFilter } {
  requireRgb(image);
  requireSide('width', width);
  requireSide('height', height);
  const finite = [box.x, box.y, box.width, box.height].every(Number.isFinite);
  if (!finite || box.width <= 0 || box.height <= 0) {
    throw new RangeError(`The box ${box.width}×${box.height} at ${box.x},${box.y} has no area to cut out.`);
  }
  return {
    columns: triangleFilter(box.x, box.width, width, image.width),
    rows: triangleFilter(box.y, box.height, height, image.height),
  };
}

/** Source rows that any output row reads. Clamping keeps the positions in order, so the ends are the extremes. */
function rowSpan(rows: AxisFilter): { low: number; count: number } {
  const low = rows.source[0]!;
  return { low, count: rows.source[rows.source.length - 1]! - low + 1 };
}

function narrowRgb(image: RgbImage, columns: AxisFilter, width: number, low: number, count: number): Float32Array {
  const { data } = image;
  const { taps, source, weight } = columns;
  const narrow = new Float32Array(count * width * 3);
  for (let y = 0, out = 0; y < count; y++) {
    const row = (low + y) * image.width;
    for (let x = 0, tap = 0; x < width; x++, out += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (const end = tap + taps; tap < end; tap++) {
        const part = weight[tap]!;
        const at = (row + source[tap]!) * 3;
        red += part * data[at]!;
        green += part * data[at + 1]!;
        blue += part * data[at + 2]!;
      }
      narrow[out] = red;
      narrow[out + 1] = green;
      narrow[out + 2] = blue;
    }
  }
  return narrow;
}

function narrowGrey(image: RgbImage, columns: AxisFilter, width: number, low: number, count: number): Float32Array {
  const { data } = image;
  const { taps, source, weight } = columns;
  const narrow = new Float32Array(count * width);
  for (let y = 0, out = 0; y < count; y++) {
    const row = (low + y) * image.width;
    for (let x = 0, tap = 0; x < width; x++, out++) {
      let grey = 0;
      for (const end = tap + taps; tap < end; tap++) {
        const at = (row + source[tap]!) * 3;
        grey += weight[tap]! * (LUMA_RED * data[at]! + LUMA_GREEN * data[at + 1]! + LUMA_BLUE * data[at + 2]!);
      }
      narrow[out] = grey;
    }
  }
  return narrow;
}

/** `line` becomes the weighted sum of the narrowed rows that output row y reads. */
function sumRows(narrow: Float32Array, rows: AxisFilter, y: number, low: number, line: Float32Array): void {
  line.fill(0);
  for (let tap = y * rows.taps; tap < (y + 1) * rows.taps; tap++) {
    const part = rows.weight[tap]!;
    if (part === 0) continue;
    const row = (rows.source[tap]! - low) * line.length;
    for (let at = 0; at < line.length; at++) line[at]! += part * narrow[row + at]!;
  }
}
