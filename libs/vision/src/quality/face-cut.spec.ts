import { describe, expect, it } from 'vitest';
import { ARCFACE_TEMPLATE } from '../alignment/arcface-template.js';
import type { FivePoints } from '../geometry/shapes.js';
import { shareBeyond } from './face-cut.js';

/** The template's face, twice as large, turned about its oval's middle, which is put at a place. */
function faceAt(x: number, y: number, degrees = 0): FivePoints {
  const [cos, sin] = [Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)];
  return ARCFACE_TEMPLATE.map((point) => {
    const [dx, dy] = [2 * (point.x - 56), 2 * (point.y - 62)];
    return { x: x + dx * cos - dy * sin, y: y + dx * sin + dy * cos };
  }) as unknown as FivePoints;
}
const frame = { width: 400, height: 300 };

describe('shareBeyond', () => {
  it('is nothing of a whole face, though its corners reach past the edge', () => {
    expect(shareBeyond(faceAt(200, 150), frame)).toBe(0);
    expect(shareBeyond(faceAt(110, 150, 45), frame)).toBe(0);
  });

  it.each([
    ['left', 0, 150],
    ['right', 400, 150],
    ['above', 200, 0],
    ['below', 200, 300],
  ])('is half where the edge goes through the middle: %s', (_side, x, y) => {
    for (const degrees of [0, 30, 90, 180]) expect(shareBeyond(faceAt(x, y, degrees), frame)).toBeCloseTo(0.5, 1);
  });

  it('is the area of the oval that is cut off, a quarter in a corner', () => {
    expect(shareBeyond(faceAt(0, 0), frame)).toBeCloseTo(0.75, 1);
    // An edge at half of the half axis leaves arccos(½)/π − (½·√¾)/π = 0.196 beyond it.
    expect(shareBeyond(faceAt(42, 150), frame)).toBeCloseTo(0.196, 1);
    expect(shareBeyond(faceAt(-500, 150), frame)).toBe(1);
  });

  it('refuses points that coincide', () => {
    const point = { x: 5, y: 5 };
    expect(() => shareBeyond([point, point, point, point, point], frame)).toThrow(RangeError);
  });
});
