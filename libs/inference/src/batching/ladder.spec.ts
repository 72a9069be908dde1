import { describe, expect, it } from 'vitest';
import { ladderCeiling, ladderFloor } from './ladder.js';

describe('the ladder of batch sizes', () => {
  it.each([
    [1, 1, 1],
    [3, 2, 4],
    [8, 8, 8],
    [31, 16, 32],
  ])('puts %i between %i and %i', (count, floor, ceiling) => {
    expect([ladderFloor(count), ladderCeiling(count)]).toEqual([floor, ceiling]);
  });

  it('has no size for nothing, and none above 32', () => {
    expect(ladderFloor(1000)).toBe(32);
    expect(() => ladderFloor(0)).toThrow(RangeError);
    expect(() => ladderCeiling(33)).toThrow(RangeError);
  });
});
