import { describe, expect, it } from 'vitest';
import { Contract } from './contract.facts.js';
import { thresholdsOf } from './thresholds.js';

const contract = new Contract({ id: 'test-1', thresholds: { '1e-3': 0.3, '1e-4': 0.4, '1e-6': 0.6 } });
const present = { match: { cosine: 0.5, fmr: 1e-5 }, review: { cosine: 0.35 } };

describe('the thresholds of a collection', () => {
  it('are the usual ones when nothing is asked for', () => {
    expect(thresholdsOf({}, contract)).toEqual({
      match: { cosine: 0.4, fmr: 1e-4 },
      review: { cosine: 0.3, fmr: 1e-3 },
    });
  });

  it('are asked for by rate or by cosine, each with the other where it was measured', () => {
    const { match, review } = thresholdsOf({ match: { fmr: 1e-6 }, review: { cosine: 0.4 } }, contract);
    expect({ match, review }).toEqual({ match: { cosine: 0.6, fmr: 1e-6 }, review: { cosine: 0.4, fmr: 1e-4 } });
    expect(thresholdsOf({ match: { fmr: 1e-5 } }, contract).match.cosine).toBeCloseTo(0.5, 12);
    expect(thresholdsOf({ match: { cosine: 0.9 } }, contract).match).toEqual({ cosine: 0.9 });
  });

  it('stay as they are where a change does not name them', () => {
    expect(thresholdsOf({}, contract, present)).toEqual(present);
    expect(thresholdsOf({ review: { fmr: 1e-3 } }, contract, present)).toEqual({
      ...present,
      review: { cosine: 0.3, fmr: 1e-3 },
    });
  });

  it('may be equal, and never the wrong way round', () => {
    expect(thresholdsOf({ match: { cosine: 0.3 }, review: { cosine: 0.3 } }, contract)).toMatchObject({
      ...{ match: { cosine: 0.3 }, review: { cosine: 0.3 } },
    });
    for (const asked of [{ match: { cosine: 0.2 } }, { review: { cosine: 0.41 } }]) {
      expect(() => thresholdsOf(asked, contract)).toThrow(
        expect.objectContaining({
          code: 'API.REQUEST_INVALID',
          errors: [{ path: 'body.thresholds.review', message: expect.stringMatching(/is above/) as string }],
        }) as Error,
      );
    }
    expect(() => thresholdsOf({ match: { cosine: 0.34 } }, contract, present)).toThrow('above the match');
  });

  it.each([
    ['match', 0.5],
    ['review', 1e-9],
  ])('are refused for %s at a rate that nobody measured: %d', (name, fmr) => {
    expect(() => thresholdsOf({ [name]: { fmr } }, contract)).toThrow(
      expect.objectContaining({
        code: 'API.THRESHOLD_UNKNOWN',
        status: 422,
        message: expect.stringMatching(new RegExp(`^thresholds\\.${name}: .*1e-6 to 1e-3`)) as string,
      }) as Error,
    );
  });
});
