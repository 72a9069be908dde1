import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWiderLabels, type WiderPhoto } from './wider.dataset.js';
import { widerReport } from './wider.protocol.js';

/** A face of 40×40 at x = 100 · place. */
const face = (place: number): [number, number, number, number] => [100 * place, 0, 40, 40];
const detection = (place: number, score: number, shift = 0) => ({
  box: { x: 100 * place + shift, y: 0, width: 40, height: 40 },
  score,
});
const photo = (boxes: number, easy: number[], hard = easy): WiderPhoto => ({
  boxes: Array.from({ length: boxes }, (_, place) => face(place)),
  easy,
  medium: hard,
  hard,
});

describe('the protocol of WIDER FACE', () => {
  it('gives the average precision that one gets by hand', () => {
    const labels = new Map([
      ['a.jpg', photo(3, [0, 1], [0, 1, 2])],
      ['b.jpg', photo(1, [0])],
    ]);
    const found = new Map([
      ['a.jpg', [detection(2, 0.95), detection(0, 0.9), detection(7, 0.7), detection(0, 0.5, 2), detection(1, 0.3)]],
      ['b.jpg', [detection(0, 0.8), detection(8, 0.1)]],
    ]);
    const { averagePrecision, faces, photos, detections } = widerReport(labels, found);
    expect([faces, photos, detections]).toEqual([{ easy: 3, medium: 4, hard: 4 }, 2, 7]);
    // Easy ignores the first. Then: right, right, wrong (no face), wrong (a second one of the same face), right, wrong.
    // Recall 1/3 and 2/3 at precision 1, recall 1 at 3/5.
    expect(averagePrecision.easy).toBeCloseTo(2 / 3 + (1 / 3) * (3 / 5), 9);
    // Hard counts the first too: recall 3/4 at precision 1, recall 1 at 4/6.
    expect(averagePrecision.hard).toBeCloseTo(3 / 4 + (1 / 4) * (4 / 6), 9);
  });

  it('gives each recall the best precision at that recall or a higher one', () => {
    const labels = new Map([['a.jpg', photo(2, [0, 1])]]);
    const found = new Map([['a.jpg', [detection(7, 0.9), detection(0, 0.8), detection(1, 0.7)]]]);
    // Wrong, right, right: 1/2 at recall 1/2 counts as the 2/3 at recall 1.
    expect(widerReport(labels, found).averagePrecision.easy).toBeCloseTo(2 / 3, 9);
  });

  it('takes half an overlap, with a pixel more on each side', () => {
    const labels = new Map([['a.jpg', photo(1, [0])]]);
    // 41 pixels each: shifted by 13 they share 28 of 54, by 14 they share 27 of 55.
    const at = (shift: number) => widerReport(labels, new Map([['a.jpg', [detection(0, 0.9, shift)]]]));
    expect(at(13).averagePrecision.easy).toBe(1);
    expect(at(14).averagePrecision.easy).toBe(0);
  });

  it('neither rewards nor punishes what is found of ignored faces or in photos without labels', () => {
    const labels = new Map([
      ['a.jpg', photo(2, [0])],
      ['b.jpg', { boxes: [], easy: [], medium: [], hard: [] }],
    ]);
    const found = new Map([
      ['a.jpg', [detection(1, 0.99), detection(1, 0.98, 1), detection(0, 0.5)]],
      ['b.jpg', [detection(0, 0.9)]],
    ]);
    expect(widerReport(labels, found).averagePrecision.easy).toBe(1);
  });

  it('is 0 where nothing is found, and where no face counts', () => {
    const labels = new Map([['a.jpg', photo(1, [], [0])]]);
    expect(widerReport(labels, new Map()).averagePrecision).toEqual({ easy: 0, medium: 0, hard: 0 });
  });
});

describe('the labels', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facelane-wider-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read from gt.json', async () => {
    await writeFile(join(folder, 'gt.json'), JSON.stringify({ 'a.jpg': photo(2, [1]) }));
    expect(await readWiderLabels(folder)).toEqual(new Map([['a.jpg', photo(2, [1])]]));
  });

  it.each([
    ['no JSON', '{'],
    ['a box that is not there', JSON.stringify({ 'a.jpg': photo(1, [1]) })],
    ['a box of three numbers', JSON.stringify({ 'a.jpg': { ...photo(0, []), boxes: [[1, 2, 3]] } })],
  ])('are refused with the file named when they hold %s', async (_case, text) => {
    await writeFile(join(folder, 'gt.json'), text);
    await expect(readWiderLabels(folder)).rejects.toThrow('gt.json does not hold labels of faces');
  });

  it('are missing with a remedy', async () => {
    await expect(readWiderLabels(folder)).rejects.toMatchObject({
      remedy: expect.stringContaining('beside images/') as string,
    });
  });
});
