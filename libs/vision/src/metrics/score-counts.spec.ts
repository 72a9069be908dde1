import { describe, expect, it } from 'vitest';
import { binOf, countScores, floorOf, grouped, SCORE_BINS, total } from './score-counts.js';

describe('score counts', () => {
  it('puts a score into the bin that its floor accepts', () => {
    for (const score of [-1, -0.33333, 0, 0.41234, 0.999_999]) {
      expect(floorOf(binOf(score))).toBeLessThanOrEqual(score);
      expect(floorOf(binOf(score) + 1)).toBeGreaterThan(score);
    }
  });

  it('keeps what rounding put outside in the outermost bins', () => {
    expect([binOf(1), binOf(1.000_001), binOf(-1.000_001)]).toEqual([SCORE_BINS - 1, SCORE_BINS - 1, 0]);
  });

  it('counts every score once, also in groups', () => {
    const { genuine, impostor } = countScores({ genuine: [0.5, 0.5, -0.2], impostor: [0.1] });
    expect([total(genuine), total(impostor)]).toEqual([3, 1]);
    expect(grouped(genuine, 4)).toEqual([0, 1, 0, 2]);
    expect(() => grouped(genuine, 3)).toThrow(RangeError);
  });
});
