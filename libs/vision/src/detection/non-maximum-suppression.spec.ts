import { describe, expect, it } from 'vitest';
import { intersectionOverUnion, nonMaximumSuppression } from './non-maximum-suppression.js';

const square = (x: number, score: number) => ({ box: { x, y: 0, width: 10, height: 10 }, score });

describe('intersectionOverUnion', () => {
  it.each([
    [0, 1],
    [5, 1 / 3],
    [10, 0],
    [-30, 0],
  ])('of two squares %i apart is %f', (shift, expected) => {
    expect(intersectionOverUnion(square(0, 1).box, square(shift, 1).box)).toBeCloseTo(expected, 12);
  });

  it('of an empty box is 0', () => {
    const empty = { x: 0, y: 0, width: 0, height: 0 };
    expect(intersectionOverUnion(empty, empty)).toBe(0);
  });
});

describe('nonMaximumSuppression', () => {
  // Overlaps with the square at 0: at 2 is 2/3, at 5 is 1/3, at 8 is 1/9.
  const found = [square(5, 0.7), square(2, 0.8), square(0, 0.9), square(100, 0.7)];

  it('keeps the best of those that overlap, best first, equal scores in their order', () => {
    expect(nonMaximumSuppression(found, { iou: 0.4 })).toEqual([found[2], found[0], found[3]]);
    expect(nonMaximumSuppression(found, { iou: 0.3 })).toEqual([found[2], found[3]]);
  });

  it('stops when it has enough', () => {
    expect(nonMaximumSuppression(found, { iou: 0.3, most: 1 })).toEqual([found[2]]);
  });

  it('defaults to 0.4', () => {
    expect(nonMaximumSuppression(found)).toEqual(nonMaximumSuppression(found, { iou: 0.4 }));
  });

  it('changes nothing the second time, nor the input', () => {
    const many = Array.from({ length: 60 }, (_, i) => square((i * 37) % 91, ((i * 53) % 97) / 97));
    const before = structuredClone(many);
    const once = nonMaximumSuppression(many);
    expect(once.length).toBeGreaterThan(3);
    expect(once.length).toBeLessThan(60);
    expect(nonMaximumSuppression(once)).toEqual(once);
    expect(many).toEqual(before);
  });
});
