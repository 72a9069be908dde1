import { describe, expect, it } from 'vitest';
import { calibrated, intersectionOverSmaller } from './candidate.js';
import { mtcnn, type MtcnnNetwork } from './mtcnn.js';
import { pyramidSizes } from './pyramid.js';
import { readJudgements, readProposals } from './read-answers.js';
import { proposalsAlong } from './sizes.js';

describe('the pyramid', () => {
  it('begins where the smallest face is 12 pixels and ends where the photo is', () => {
    expect(pyramidSizes({ width: 96, height: 48 }, { minFace: 24, factor: 0.5 })).toEqual([
      { width: 48, height: 24 },
      { width: 24, height: 12 },
    ]);
    expect(pyramidSizes({ width: 96, height: 23 }, { minFace: 24, factor: 0.5 })).toEqual([]);
  });

  it('refuses options that have no end', () => {
    expect(() => pyramidSizes({ width: 9, height: 9 }, { minFace: 0, factor: 0.5 })).toThrow(RangeError);
    expect(() => pyramidSizes({ width: 9, height: 9 }, { minFace: 5, factor: 1 })).toThrow(RangeError);
  });
});

describe('what the networks answer', () => {
  it('is a square of the photo for each place of the first, with its shift', () => {
    // 14 × 12 pixels give two places side by side; the photo is twice as large.
    expect([proposalsAlong(14), proposalsAlong(12)]).toEqual([2, 1]);
    const answers = {
      probability: Float32Array.of(0.75, 0.25, 0.25, 0.75),
      regression: Float32Array.of(0, 0.5, 0, 0.25, 0, 0.125, 0, -0.5),
    };
    expect(readProposals(answers, { width: 14, height: 12 }, { width: 28, height: 24 }, 0.5)).toEqual([
      { box: { x: 4, y: 0, width: 24, height: 24 }, score: 0.75, shift: [0.5, 0.25, 0.125, -0.5] },
    ]);
    expect(() => readProposals(answers, { width: 16, height: 12 }, { width: 28, height: 24 }, 0.5)).toThrow(RangeError);
  });

  it('is a judgement of each box by the later ones, with points in the box', () => {
    const box = { x: 100, y: 200, width: 40, height: 20 };
    const answers = {
      probability: Float32Array.of(0.75, 0.25, 0.25, 0.75),
      regression: new Float32Array(8),
      landmarks: Float32Array.from({ length: 20 }, (_, at) => (at % 10 < 5 ? 0.25 : 0.75)),
    };
    const [face, ...others] = readJudgements(answers, [{ ...box, x: 0 }, box], 0.5);
    expect(others).toEqual([]);
    expect(face).toMatchObject({ box, score: 0.75 });
    expect(face?.points).toEqual(new Array(5).fill({ x: 110, y: 215 }));
    expect(() => readJudgements(answers, [box], 0.5)).toThrow(RangeError);
  });
});

it('a candidate moves each of its edges by a part of its size', () => {
  const box = { x: 10, y: 20, width: 40, height: 20 };
  expect(calibrated({ box, shift: [0.25, -0.5, -0.25, 0.5] })).toEqual({ x: 20, y: 10, width: 20, height: 40 });
});

it('a box inside another overlaps it wholly', () => {
  const large = { x: 0, y: 0, width: 10, height: 10 };
  expect(intersectionOverSmaller(large, { x: 2, y: 2, width: 2, height: 2 })).toBeCloseTo(1, 12);
  expect(intersectionOverSmaller(large, { x: 8, y: 0, width: 4, height: 10 })).toBeCloseTo(0.5, 12);
  expect(intersectionOverSmaller(large, { x: 20, y: 0, width: 4, height: 10 })).toBe(0);
});

describe('the three networks together', () => {
  const photo = { width: 48, height: 48, data: new Uint8Array(48 * 48 * 3) };
  const options = { minFace: 12, factor: 0.5, minScores: [0.6, 0.7, 0.7] } as const;
  it('let nothing through that one of them refuses, and do not ask the next about it', async () => {
    const asked: number[] = [];
    const later: MtcnnNetwork = async (_data, [count]) => {
      asked.push(count);
      return Promise.resolve({ probability: new Float32Array(2 * count), regression: new Float32Array(4 * count) });
    };
    const proposal: MtcnnNetwork = async (_data, [, , height, width]) => {
      const places = proposalsAlong(height) * proposalsAlong(width);
      return Promise.resolve({ probability: new Float32Array(2 * places), regression: new Float32Array(4 * places) });
    };
    expect(await mtcnn(photo, { proposal, refinement: later, output: later }, options)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('ask about no more than 128 squares at a time, and give each face with its points', async () => {
    const large = { width: 120, height: 120, data: new Uint8Array(120 * 120 * 3) };
    const proposal: MtcnnNetwork = async (_data, [, , height, width]) => {
      const places = proposalsAlong(height) * proposalsAlong(width);
      return Promise.resolve({
        probability: new Float32Array(2 * places).fill(0.9),
        regression: new Float32Array(4 * places),
      });
    };
    const counts: number[] = [];
    const later: MtcnnNetwork = async (_data, [count]) => {
      counts.push(count);
      return Promise.resolve({
        probability: new Float32Array(2 * count).fill(0.9),
        regression: new Float32Array(4 * count),
        landmarks: new Float32Array(10 * count).fill(0.5),
      });
    };
    const faces = await mtcnn(large, { proposal, refinement: later, output: later }, options);
    expect(Math.max(...counts)).toBe(128);
    expect(faces.length).toBeGreaterThan(0);
    for (const { box, points } of faces) {
      expect(points[0]).toEqual({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    }
  });
});
