import { describe, expect, it } from 'vitest';
import { type Matrix2x3, apply } from '../geometry/matrix.js';
import type { FivePoints } from '../geometry/shapes.js';
import { ARCFACE_TEMPLATE } from './arcface-template.js';
import { similarityTransform } from './similarity-transform.js';

const FACE: FivePoints = [
  { x: 210.5, y: 180.25 },
  { x: 290.75, y: 200.5 },
  { x: 244, y: 235.5 },
  { x: 200.25, y: 270 },
  { x: 268, y: 290.5 },
];

const map = ([a, b, c, d, e]: FivePoints, change: (point: FivePoints[number]) => FivePoints[number]): FivePoints => [
  change(a),
  change(b),
  change(c),
  change(d),
  change(e),
];

function expectMatrix(found: Matrix2x3, expected: readonly number[], tolerance: number): void {
  found.forEach((value, index) => expect(Math.abs(value - expected[index]!)).toBeLessThan(tolerance));
}

describe('similarityTransform', () => {
  it('agrees with the singular value decomposition of Umeyama 1991 (numpy)', () => {
    expectMatrix(
      similarityTransform(FACE, ARCFACE_TEMPLATE),
      [
        0.42372123020908986, 0.09530080957840657, -69.24002810602408, -0.09530080957840657, 0.4237212302090899,
        -4.692505045030046,
      ],
      1e-9,
    );
  });

  it('does not reflect where a reflection would fit better (numpy, det R forced to 1)', () => {
    expectMatrix(
      similarityTransform(
        map(FACE, ({ x, y }) => ({ x: 500 - x, y })),
        ARCFACE_TEMPLATE,
      ),
      [
        0.08782607245070317, -0.0006054725749844717, 33.57100952895667, 0.0006054725749844774, 0.08782607245070319,
        51.07512575518349,
      ],
      1e-9,
    );
  });

  it.each([
    { scale: 0.05, angle: 0.3, x: 700, y: -20 },
    { scale: 1, angle: Math.PI, x: 0, y: 0 },
    { scale: 3.7, angle: -2.1, x: -55.5, y: 1234 },
    { scale: 20, angle: 1.5, x: 0.001, y: 5 },
  ])('recovers the similarity %o', ({ scale, angle, x, y }) => {
    const a = scale * Math.cos(angle);
    const b = scale * Math.sin(angle);
    const truth: Matrix2x3 = [a, -b, x, b, a, y];
    expectMatrix(
      similarityTransform(
        FACE,
        map(FACE, (point) => apply(truth, point)),
      ),
      truth,
      1e-9,
    );
  });

  it('refuses points that coincide or are not numbers', () => {
    const one = { x: 3, y: 4 };
    expect(() => similarityTransform([one, one, one, one, one], ARCFACE_TEMPLATE)).toThrow(RangeError);
    expect(() =>
      similarityTransform(
        map(FACE, () => ({ x: Number.NaN, y: 0 })),
        ARCFACE_TEMPLATE,
      ),
    ).toThrow(RangeError);
  });
});
