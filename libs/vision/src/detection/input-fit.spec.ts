import { describe, expect, it } from 'vitest';
import { fitInput } from './input-fit.js';
import { mapDetections } from './map-detections.js';
import { isCut, tilesOf } from './tiles.js';

const input = { width: 640, height: 480 };
const portrait = { width: 600, height: 1200 };

describe('fitInput', () => {
  it('squashes to the input whatever the shape', () => {
    expect(fitInput('squash', input, portrait, 32)).toEqual({ content: input, network: input });
  });

  it('keeps the shape and fills the rest', () => {
    expect(fitInput('letterbox', input, portrait, 32)).toEqual({
      content: { width: 240, height: 480 },
      network: input,
    });
  });

  it('makes the input no larger than the steps need', () => {
    expect(fitInput('inside', input, portrait, 32)).toEqual({
      content: { width: 240, height: 480 },
      network: { width: 256, height: 480 },
    });
    expect(fitInput('inside', input, { width: 9000, height: 1 }, 32)).toEqual({
      content: { width: 640, height: 1 },
      network: { width: 640, height: 32 },
    });
  });
});

it('mapDetections brings boxes and points to the pixels they were resized from', () => {
  const points = [0, 1, 2, 3, 4].map((n) => ({ x: n, y: 10 }));
  const found = { box: { x: 10, y: 20, width: 30, height: 40 }, score: 0.5, points: points as never };
  const [mapped] = mapDetections([found], { width: 100, height: 200 }, { x: 1000, y: 500, width: 200, height: 600 });
  expect(mapped).toEqual({
    box: { x: 1020, y: 560, width: 60, height: 120 },
    score: 0.5,
    points: [1000, 1002, 1004, 1006, 1008].map((x) => ({ x, y: 530 })),
  });
});

describe('tilesOf', () => {
  it('has none for a photo that is no larger than a tile', () => {
    expect(tilesOf({ width: 640, height: 480 }, { width: 640, height: 640 }, 0.25)).toEqual([]);
  });

  it('covers the photo, and neighbours share at least the overlap', () => {
    const tiles = tilesOf({ width: 1000, height: 400 }, { width: 400, height: 400 }, 0.25);
    expect(tiles).toEqual([0, 300, 600].map((x) => ({ x, y: 0, width: 400, height: 400 })));
    for (const width of [401, 700, 701, 1999]) {
      const xs = tilesOf({ width, height: 10 }, { width: 400, height: 400 }, 0.25).map(({ x }) => x);
      expect([xs[0], xs.at(-1)! + 400]).toEqual([0, width]);
      for (const [at, x] of xs.slice(1).entries()) expect(x - xs[at]!).toBeLessThanOrEqual(300);
    }
  });
});

it('isCut tells a face at the edge of a tile from one at the edge of the photo', () => {
  const image = { width: 1000, height: 500 };
  const area = { x: 300, y: 0, width: 400, height: 500 };
  const at = (x: number, y: number): boolean => isCut({ x, y, width: 50, height: 50 }, area, image);
  expect([at(500, 200), at(305, 200), at(500, 0), at(500, 450)]).toEqual([false, false, false, false]);
  expect([at(300, 200), at(303, 200), at(648, 200), at(680, 200)]).toEqual([true, true, true, true]);
});
