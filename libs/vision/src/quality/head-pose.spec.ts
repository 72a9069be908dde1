import { describe, expect, it } from 'vitest';
import { ARCFACE_TEMPLATE } from '../alignment/arcface-template.js';
import type { FivePoints, Point } from '../geometry/shapes.js';
import { headPose } from './head-pose.js';

/** The model's head written out by hand: x, y from the template made symmetric, depth as documented. */
const EYE_DISTANCE = 73.5318 - 38.2946;
const EYES = (51.6963 + 51.5014) / 2;
const MOUTH = (92.3655 + 92.2041) / 2 - EYES;
const MOUTH_HALF = (70.7299 - 41.5493) / 2;
const HEAD = [
  [-EYE_DISTANCE / 2, 0, 0],
  [EYE_DISTANCE / 2, 0, 0],
  [0, 71.7366 - EYES, -0.43 * EYE_DISTANCE],
  [-MOUTH_HALF, MOUTH, -0.03 * EYE_DISTANCE],
  [MOUTH_HALF, MOUTH, -0.03 * EYE_DISTANCE],
] as const;

/** Orthographic photo of the head: look up by `pitch`, turn the nose to the right by `yaw`, lean by `roll`. */
function photograph(yaw: number, pitch: number, roll: number, scale: number): FivePoints {
  const [y, p, r] = [yaw, pitch, roll].map((angle) => (angle * Math.PI) / 180) as [number, number, number];
  const project = ([x0, y0, z0]: (typeof HEAD)[number]): Point => {
    const y1 = y0 * Math.cos(p) + z0 * Math.sin(p);
    const z1 = z0 * Math.cos(p) - y0 * Math.sin(p);
    const x2 = x0 * Math.cos(y) - z1 * Math.sin(y);
    return {
      x: 300 + scale * (x2 * Math.cos(r) - y1 * Math.sin(r)),
      y: 200 + scale * (x2 * Math.sin(r) + y1 * Math.cos(r)),
    };
  };
  return [project(HEAD[0]), project(HEAD[1]), project(HEAD[2]), project(HEAD[3]), project(HEAD[4])];
}

describe('headPose', () => {
  it.each([
    [0, 0, 0],
    [30, 0, 0],
    [-45, 0, 0],
    [0, 20, 0],
    [0, -25, 0],
    [0, 0, 90],
    [0, 0, -170],
    [35, -15, 40],
    [-60, 25, -10],
  ])('recovers yaw %i, pitch %i, roll %i', (yaw, pitch, roll) => {
    const found = headPose(photograph(yaw, pitch, roll, 2.5));
    expect(found.yaw).toBeCloseTo(yaw, 6);
    expect(found.pitch).toBeCloseTo(pitch, 6);
    expect(found.roll).toBeCloseTo(roll, 6);
  });

  it('says which way: nose to the right, nose up, right eye lower', () => {
    const [left, right, nose, leftMouth, rightMouth] = ARCFACE_TEMPLATE;
    expect(headPose([left, right, { x: nose.x + 5, y: nose.y }, leftMouth, rightMouth]).yaw).toBeGreaterThan(10);
    expect(headPose([left, right, { x: nose.x, y: nose.y - 5 }, leftMouth, rightMouth]).pitch).toBeGreaterThan(10);
    expect(headPose([left, { x: right.x, y: right.y + 8 }, nose, leftMouth, rightMouth]).roll).toBeGreaterThan(3);
  });

  it('reads the template as frontal, within a degree', () => {
    for (const angle of Object.values(headPose(ARCFACE_TEMPLATE) as object))
      expect(Math.abs(angle as number)).toBeLessThan(1);
  });

  it('refuses points that coincide', () => {
    const one = { x: 5, y: 5 };
    expect(() => headPose([one, one, one, one, one])).toThrow(RangeError);
  });
});
