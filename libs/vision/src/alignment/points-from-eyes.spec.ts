import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apply } from '../geometry/matrix.js';
import { ARCFACE_TEMPLATE } from './arcface-template.js';
import { pointsFromEyes } from './points-from-eyes.js';
import { similarityTransform } from './similarity-transform.js';

it('points from the eyes align to the template exactly, however the face is turned', () => {
  const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, coordinate, coordinate, (x, y, dx, dy) => {
      fc.pre(Math.hypot(dx, dy) > 1);
      const points = pointsFromEyes({ x, y }, { x: x + dx, y: y + dy });
      const transform = similarityTransform(points, ARCFACE_TEMPLATE);
      for (const [at, point] of points.entries()) {
        const found = apply(transform, point);
        expect(found.x).toBeCloseTo(ARCFACE_TEMPLATE[at]!.x, 3);
        expect(found.y).toBeCloseTo(ARCFACE_TEMPLATE[at]!.y, 3);
      }
    }),
  );
});
