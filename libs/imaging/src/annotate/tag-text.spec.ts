import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Fontconfig reads its settings once per process, before the first text: hence the late import and a file of its own.
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-fonts-'));
  await writeFile(join(folder, 'fonts.conf'), '<fontconfig></fontconfig>');
  process.env['FONTCONFIG_FILE'] = join(folder, 'fonts.conf');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('writes the number, and no empty rectangles for a name, on a machine without fonts', async () => {
  const { TagWriter } = await import('./tag-text.js');
  const writer = await TagWriter.open(20);
  const { number, label } = await writer.write(12, 'Anna');
  expect(label).toBeUndefined();
  const rows = Array.from({ length: number.height }, (_, y) =>
    Array.from(number.data.subarray(y * number.width, (y + 1) * number.width), (v) => (v > 0 ? '#' : '.')).join(''),
  );
  // Two pixels per dot at this size; every other row is enough to compare.
  expect(rows.filter((_, y) => y % 2 === 0).map((row) => row.replaceAll(/(.)\1/g, '$1'))).toEqual([
    '..#....###.',
    '.##...#...#',
    '..#.......#',
    '..#......#.',
    '..#.....#..',
    '..#....#...',
    '.###..#####',
  ]);
});
