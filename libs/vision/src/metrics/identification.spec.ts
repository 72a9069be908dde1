import { describe, expect, it } from 'vitest';
import { hitRate, identificationCounts, type MatedSearch } from './identification.js';
import { rocFromCounts, tarAtFmr } from './roc.js';

const mated: MatedSearch[] = [
  { own: 0.9, rank: 1 },
  { own: 0.6, rank: 1 },
  { own: 0.4, rank: 1 },
  // Above every threshold below, and yet not the first.
  { own: 0.7, rank: 2 },
  // No face was found.
  {},
];

describe('identification', () => {
  it('counts a rank, and a failure never', () => {
    expect([1, 2, 3].map((rank) => hitRate(mated, rank))).toEqual([0.6, 0.8, 0.8]);
  });

  it('asks for the right person, first, and above the threshold', () => {
    // Of ten strangers one may pass: 0.55 does, 0.5 does not.
    const strangers = [0.55, 0.5, ...Array.from({ length: 8 }, (_, i) => i / 20)];
    const found = tarAtFmr(identificationCounts(mated, strangers), 0.1);
    expect(found).toMatchObject({ fmr: 0.1, tar: 0.4 });
    expect(found.threshold).toBeCloseTo(0.5, 4);
    expect(rocFromCounts(identificationCounts(mated, strangers)).at(-1)).toMatchObject({ fmr: 1, tar: 0.6 });
  });
});
