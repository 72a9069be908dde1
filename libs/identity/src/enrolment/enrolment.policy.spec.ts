import type {
  DetectedFace,
  EnrolmentRefusal,
  FaceQualityRecord,
  QualityGates,
  QualityProfile,
} from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { chooseReferenceFace } from './enrolment.policy.js';
import { enrolmentBars, QUALITY_BARS } from '../quality/quality.bars.js';

const point = { x: 0, y: 0 };
const face = (index: number, side: number, quality: Partial<FaceQualityRecord> = {}): DetectedFace => ({
  index,
  box: { x: 0, y: 0, width: side, height: side },
  landmarks: [point, point, point, point, point],
  score: 0.9,
  quality: {
    minSide: side,
    interEye: side / 2,
    sharpness: 100,
    brightness: 120,
    contrast: 40,
    yaw: 0,
    pitch: 0,
    roll: 0,
    cut: false,
    ...quality,
  },
});

it('takes the only face', () => {
  expect(chooseReferenceFace([face(0, 100)])).toMatchObject({ outcome: 'accepted', face: { index: 0 } });
});

it('takes the face that stands out, whichever the detector was surest of', () => {
  expect(chooseReferenceFace([face(0, 50), face(1, 100)])).toMatchObject({ outcome: 'accepted', face: { index: 1 } });
});

it('refuses two faces side by side with what it measured', () => {
  expect(chooseReferenceFace([face(0, 100), face(1, 80)])).toEqual({
    outcome: 'refused',
    reason: 'several_faces',
    measured: 0.64,
    bar: 0.5,
  });
});

it('refuses no face', () => {
  expect(chooseReferenceFace([])).toMatchObject({ reason: 'no_face', measured: 0, bar: 1 });
});

describe('bars of quality', () => {
  const measure = {
    too_small: (side: number) => face(0, side),
    too_blurred: (sharpness: number) => face(0, 100, { sharpness }),
    too_dark: (brightness: number) => face(0, 100, { brightness }),
    pose: (yaw: number) => face(0, 100, { yaw }),
  };

  it.each([
    ['standard', 'too_small', 40, 39],
    ['strict', 'too_small', 80, 79],
    ['standard', 'too_blurred', 20, 19],
    ['strict', 'too_blurred', 40, 39],
    ['standard', 'too_dark', 40, 39],
    ['strict', 'too_dark', 60, 59],
    ['standard', 'pose', 60, 61],
    ['strict', 'pose', 40, 41],
  ] as const)('%s: %s from %d on', (profile, reason, bar, beyond) => {
    const of = (value: number): unknown => chooseReferenceFace([measure[reason](value)], QUALITY_BARS[profile]);
    expect(of(bar)).toMatchObject({ outcome: 'accepted' });
    expect(of(beyond)).toEqual({ outcome: 'refused', reason, measured: beyond, bar });
  });

  it('are of angles to both sides, up and down, but not of roll', () => {
    const of = (quality: Partial<FaceQualityRecord>): unknown => chooseReferenceFace([face(0, 100, quality)]);
    expect(of({ yaw: -61 })).toMatchObject({ reason: 'pose', measured: 61, bar: 60 });
    expect(of({ pitch: -51 })).toMatchObject({ reason: 'pose', measured: 51, bar: 50 });
    expect(of({ roll: 170 })).toMatchObject({ outcome: 'accepted' });
  });

  it.each<[EnrolmentRefusal, QualityGates['enrol'], DetectedFace, number]>([
    ['too_bright', { maxBrightness: 200 }, face(0, 100, { brightness: 201 }), 201],
    ['too_flat', { minContrast: 20 }, face(0, 100, { contrast: 19 }), 19],
    ['cut', { maxCut: 0 }, face(0, 100, { cut: true }), 1],
    ['unsure', { minScore: 0.95 }, face(0, 100), 0.9],
    ['low_utility', { minUtility: 90 }, face(0, 100), expect.any(Number) as number],
    ['pose', { maxRoll: 45 }, face(0, 100, { roll: -46 }), 46],
  ])('of a collection: %s by %o', (reason, enrol, short, measured) => {
    const of = (gates?: QualityGates): unknown => chooseReferenceFace([short], enrolmentBars('standard', gates));
    expect(of()).toMatchObject({ outcome: 'accepted' });
    expect(of({ enrol })).toEqual({ outcome: 'refused', reason, measured, bar: Object.values(enrol!)[0] });
  });

  it('of a collection come after those of the profile, in the order of the reasons', () => {
    const bars = enrolmentBars('standard', { enrol: { minUtility: 100, maxCut: 0 } });
    const of = (quality: Partial<FaceQualityRecord>): unknown => chooseReferenceFace([face(0, 100, quality)], bars);
    expect(of({ cut: true, sharpness: 19 })).toMatchObject({ reason: 'too_blurred' });
    expect(of({ cut: true })).toMatchObject({ reason: 'cut' });
    expect(of({})).toMatchObject({ reason: 'low_utility' });
  });

  it('that are off leave only what a reference cannot be without', () => {
    const awful = { sharpness: 0, brightness: 0, yaw: 89, pitch: 89 };
    const of = (...faces: DetectedFace[]): unknown => chooseReferenceFace(faces, QUALITY_BARS.off);
    expect(of(face(0, 5, awful))).toMatchObject({ outcome: 'accepted' });
    expect(of()).toMatchObject({ reason: 'no_face' });
    expect(of(face(0, 100), face(1, 80))).toMatchObject({ reason: 'several_faces' });
  });

  it('compare people in all profiles but that', () => {
    const profiles = Object.keys(QUALITY_BARS) as QualityProfile[];
    expect(profiles.filter((profile) => QUALITY_BARS[profile].likeness)).toEqual(['standard', 'strict']);
  });
});
