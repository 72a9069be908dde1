import type { DetectedFace, QualityBarsRecord } from '@facelane/contracts';
import { qualityBarsSchema, qualityReasonSchema } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { enrolmentBars, QUALITY_BARS } from './quality.bars.js';
import { qualityFindings } from './quality.findings.js';
import { withheldBy } from './quality.gate.js';
import { QUALITY_RULES, remedyOf } from './quality.rules.js';

const GOOD: DetectedFace['quality'] = {
  ...{ minSide: 100, interEye: 50, sharpness: 100, brightness: 120, contrast: 40 },
  ...{ yaw: 0, pitch: 0, roll: 0, cut: false },
};
const face = (
  quality: Partial<DetectedFace['quality']> = {},
  score = 0.9,
): Pick<DetectedFace, 'quality' | 'score'> => ({
  quality: { ...GOOD, ...quality },
  score,
});

describe('rules', () => {
  it('are one for every bar and every reason that the contracts know', () => {
    expect(QUALITY_RULES.map(({ bar }) => bar).sort()).toEqual(Object.keys(qualityBarsSchema.shape).sort());
    expect(new Set(QUALITY_RULES.map(({ reason }) => reason))).toEqual(new Set(qualityReasonSchema.options));
    for (const reason of qualityReasonSchema.options) expect(remedyOf(reason)).toMatch(/\.$/);
  });

  it.each<[string, QualityBarsRecord, ReturnType<typeof face>, number]>([
    ['too_small', { minSide: 101 }, face(), 100],
    ['too_blurred', { minSharpness: 101 }, face(), 100],
    ['too_dark', { minBrightness: 121 }, face(), 120],
    ['pose', { maxYaw: 20 }, face({ yaw: -30 }), 30],
    ['pose', { maxPitch: 20 }, face({ pitch: 21 }), 21],
    ['pose', { maxRoll: 90 }, face({ roll: -170 }), 170],
    ['too_bright', { maxBrightness: 119 }, face(), 120],
    ['too_flat', { minContrast: 41 }, face(), 40],
    ['cut', { maxCut: 0 }, face({ cut: true }), 1],
    ['unsure', { minScore: 0.95 }, face(), 0.9],
    ['unrecognisable', { minStrength: 0.6 }, face({ strength: 0.5 }), 0.5],
    ['low_utility', { minUtility: 1 }, face({ minSide: 5 }), 0],
  ])('%s: %o', (reason, bars, short, measured) => {
    expect(qualityFindings(short, bars)).toEqual([{ reason, measured, bar: Object.values(bars)[0] }]);
  });

  it('let what was not measured pass', () => {
    expect(qualityFindings(face(), { minStrength: 1 })).toEqual([]);
  });

  it('let what is at a bar pass, and tell each reason once', () => {
    const bars = { minSide: 100, maxYaw: 0, maxBrightness: 120, minScore: 0.9, maxCut: 0 };
    expect(qualityFindings(face(), bars)).toEqual([]);
    expect(qualityFindings(face({ yaw: 50, pitch: 50 }), { maxYaw: 10, maxPitch: 20 })).toEqual([
      { reason: 'pose', measured: 50, bar: 10 },
    ]);
  });
});

describe('gates', () => {
  it('let everything pass where no bar is set', () => {
    const awful = face({ minSide: 0, sharpness: 0, brightness: 0, roll: 180 }, 0);
    expect(withheldBy(awful)).toBeUndefined();
    expect(withheldBy(awful, { enrol: { minSide: 500 } })).toBeUndefined();
  });

  it('ask for storing first, and then for matching', () => {
    const bars = { store: { minSide: 20 }, match: { minSide: 40 } };
    const of = (minSide: number): unknown => withheldBy(face({ minSide }), bars);
    expect(of(40)).toBeUndefined();
    expect(of(39)).toEqual({ from: 'match', reasons: [{ reason: 'too_small', measured: 39, bar: 40 }] });
    expect(of(19)).toEqual({ from: 'store', reasons: [{ reason: 'too_small', measured: 19, bar: 20 }] });
  });

  it('of enrolment take the place of bars of the profile, one by one', () => {
    expect(enrolmentBars()).toEqual(QUALITY_BARS.standard);
    const bars = enrolmentBars('strict', { enrol: { minSide: 20, maxRoll: 45 } });
    expect(bars).toEqual({ ...QUALITY_BARS.strict, minSide: 20, maxRoll: 45 });
  });
});
