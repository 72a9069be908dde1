import type { Mask } from './paint.js';

/** Digits 0..9 on a grid 5 wide and 7 high, one number per row, most significant bit left. */
const DIGITS: readonly (readonly number[])[] = [
  [14, 17, 19, 21, 25, 17, 14],
  [4, 12, 4, 4, 4, 4, 14],
  [14, 17, 1, 2, 4, 8, 31],
  [31, 2, 4, 2, 1, 17, 14],
  [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14],
  [6, 8, 16, 30, 17, 17, 14],
  [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14],
  [14, 17, 17, 15, 1, 2, 12],
];
const WIDTH = 5;
const HEIGHT = 7;

/** A whole number drawn without any font, about `height` pixels high: what is left on a machine that has none. */
export function drawDigits(value: number, height: number): Mask {
  const scale = Math.max(1, Math.round(height / HEIGHT));
  const glyphs = Array.from(String(value), (digit) => DIGITS[Number(digit)] ?? []);
  const width = (glyphs.length * (WIDTH + 1) - 1) * scale;
  const data = new Uint8Array(width * HEIGHT * scale);
  for (let y = 0; y < HEIGHT * scale; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor(x / scale);
      const row = glyphs[Math.floor(column / (WIDTH + 1))]?.[Math.floor(y / scale)] ?? 0;
      if ((row >> (WIDTH - 1 - (column % (WIDTH + 1)))) & 1) data[y * width + x] = 255;
    }
  }
  return { width, height: HEIGHT * scale, data };
}
