import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FmrOutOfRangeError } from './fmr-out-of-range.error.js';
import { cosineAt, fmrAt } from './fmr.table.js';

const TABLE = { '1e-4': 0.412, '1e-3': 0.347, '1e-6': 0.576, '1e-5': 0.477 };

describe('a table of cosines by false match rate', () => {
  it('gives what was measured, exactly and both ways', () => {
    for (const [rate, cosine] of Object.entries(TABLE)) {
      expect(cosineAt(Number(rate), TABLE)).toBe(cosine);
      expect(fmrAt(cosine, TABLE)).toBe(Number(rate));
    }
  });

  it('follows a straight line over the logarithm of the rate in between', () => {
    expect(cosineAt(10 ** -3.5, TABLE)).toBeCloseTo((0.347 + 0.412) / 2, 12);
    // A quarter of the way from 1e-5 to 1e-6.
    expect(cosineAt(10 ** -5.25, TABLE)).toBeCloseTo(0.477 + (0.576 - 0.477) / 4, 12);
    expect(fmrAt((0.347 + 0.412) / 2, TABLE)).toBeCloseTo(10 ** -3.5, 12);
  });

  it('goes there and back, and a stricter rate never has a lower cosine', () => {
    const rate = fc.double({ min: -6, max: -3, noNaN: true }).map((log) => 10 ** log);
    fc.assert(
      fc.property(rate, rate, (one, other) => {
        expect(Math.log10(fmrAt(cosineAt(one, TABLE), TABLE)!)).toBeCloseTo(Math.log10(one), 9);
        const [strict, lax] = one < other ? [one, other] : [other, one];
        expect(cosineAt(strict, TABLE)).toBeGreaterThanOrEqual(cosineAt(lax, TABLE));
      }),
    );
  });

  it.each([1.0001e-3, 0.5, 9.99e-7, 0, 1, Number.NaN])('has no cosine at %d and says what can be asked', (fmr) => {
    const asking = (): number => cosineAt(fmr, TABLE);
    expect(asking).toThrow(FmrOutOfRangeError);
    expect(asking).toThrow(RangeError);
    expect(asking).toThrow('1e-6 to 1e-3');
    expect(() => cosineAt(fmr, {})).toThrow('no cosine at any');
  });

  it.each([0.3469, 0.5761, -1, 1, Number.NaN])('states no rate at cosine %d', (cosine) => {
    expect(fmrAt(cosine, TABLE)).toBeUndefined();
    expect(fmrAt(cosine, {})).toBeUndefined();
  });

  it('takes the higher of two rates with one cosine', () => {
    expect(fmrAt(0.4, { '1e-3': 0.4, '1e-4': 0.4, '1e-5': 0.5 })).toBe(1e-3);
    expect(cosineAt(10 ** -3.5, { '1e-3': 0.4, '1e-4': 0.4 })).toBe(0.4);
  });
});
