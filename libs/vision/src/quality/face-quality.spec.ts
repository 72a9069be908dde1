import { expect, it } from 'vitest';
import { ARCFACE_TEMPLATE } from '../alignment/arcface-template.js';
import type { FivePoints } from '../geometry/shapes.js';
import { faceQuality } from './face-quality.js';

const crop = { width: 112, height: 112, data: new Uint8Array(112 * 112 * 3).fill(100) };
const frame = { width: 112, height: 112 };
const box = { x: 12, y: 10, width: 90, height: 102 };

it('gathers the measures in one record', () => {
  const found = faceQuality({ crop, box, points: ARCFACE_TEMPLATE, frame });
  expect(found).toMatchObject({ minSide: 90, cut: false });
  expect(found.interEye).toBeCloseTo(35.2377, 3);
  expect(found.sharpness).toBeCloseTo(0, 3);
  expect(found.brightness).toBeCloseTo(100, 3);
  expect(found.contrast).toBeCloseTo(0, 1);
  expect(Object.values(found).every((value) => typeof value === 'boolean' || Number.isFinite(value))).toBe(true);
});

it('calls a face cut by what the frame leaves of it, whatever its box', () => {
  const cutBy = (x: number, y: number, within = box): boolean => {
    const points = ARCFACE_TEMPLATE.map((point) => ({ x: point.x + x, y: point.y + y })) as unknown as FivePoints;
    return faceQuality({ crop, box: within, points, frame }).cut;
  };
  expect(cutBy(0, 0, { ...box, x: -0.5, width: 112 })).toBe(false);
  expect([cutBy(-30, 0), cutBy(30, 0), cutBy(0, -30), cutBy(0, 30)]).toEqual([true, true, true, true]);
});
