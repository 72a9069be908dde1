import type { QualityBarsRecord, QualityGates, QualityProfile } from '@facelane/contracts';

/** What a photo must pass to give a reference face; what is at a bar passes it. */
export interface QualityBars extends QualityBarsRecord {
  /** Smallest shorter side of the face's box, pixels of the photo. An aligned crop has 112: smaller faces are enlarged. */
  readonly minSide: number;
  /** Smallest variance of the Laplacian of the aligned crop. */
  readonly minSharpness: number;
  /** Smallest mean luma of the aligned crop, 0..255. */
  readonly minBrightness: number;
  /** Largest turn to either side, degrees. */
  readonly maxYaw: number;
  /** Largest tilt up or down, degrees. There is no bar of roll: alignment turns the face upright. */
  readonly maxPitch: number;
  /** Smallest strength, 0..1, where it was measured: upside down, every face is like every other. */
  readonly minStrength: number;
  /** Largest area of the second face as a share of the first: passers-by are no doubt, two people side by side are. */
  readonly maxRivalShare: number;
  /** Whether the face is compared with the references of its person and of others, see checkLikeness. */
  readonly likeness: boolean;
}

/**
 * Reference faces are few and every later decision rests on them, so bad ones are kept out. The bars were set on 4 664
 * photos of Labeled Faces in the Wild, view 1 (at most three per person), with the default models. Of the 4 406 with
 * one clear face, whose boxes are 80 to 108 pixels (5th to 95th percentile), these fall short of each bar:
 *
 * |                   | standard | share  | strict | share  |
 * | ----------------- | -------- | ------ | ------ | ------ |
 * | too_small         | 40       | 0      | 80     | 4.9 %  |
 * | too_blurred       | 20       | 0.30 % | 40     | 2.2 %  |
 * | too_dark          | 40       | 0      | 60     | 0.4 %  |
 * | pose: yaw, pitch  | 60, 50   | 0.09 % | 40, 40 | 5.4 %  |
 * | any               |          | 0.39 % |        | 11.8 % |
 *
 * Of strength, on one photo each of 516 people: standard 0.55 refuses 0.8 % upright and 85 % upside down, strict 0.65 2.1 % and
 * 93 % (docs/quality.md).
 *
 * What they are worth, in pairs of one person that miss the match bar (FMR 1e-4), by the worse face of the pair: with a
 * sharpness below 20 2 of 6, below 40 7.5 %, above 2.4 %; beyond 55° of yaw or 45° of pitch 14 % (14 pairs each), up to
 * 40° 2.5 %. Of all 1 757 pairs 2.6 % miss it, 2.4 % of those that pass standard, 1.9 % of those that pass strict;
 * part of what is left is wrong labels.
 *
 * Scaled down until faces are 42 pixels wide, 0.9 % of the photos fall below a sharpness of 20, so that bar does not
 * stand in for the one of size. 5.5 % of all photos have a second face of more than half the size and are refused by
 * every profile; those between 0.25 and 0.5 (5.3 % of the rest) by strict alone.
 */
export const QUALITY_BARS: Readonly<Record<QualityProfile, QualityBars>> = {
  /** Only what a reference cannot be without: a face, and no doubt about which. */
  off: {
    minSide: 0,
    minSharpness: 0,
    minBrightness: 0,
    maxYaw: 180,
    maxPitch: 180,
    minStrength: 0,
    maxRivalShare: 0.5,
    likeness: false,
  },
  standard: {
    minSide: 40,
    minSharpness: 20,
    minBrightness: 40,
    maxYaw: 60,
    maxPitch: 50,
    minStrength: 0.55,
    maxRivalShare: 0.5,
    likeness: true,
  },
  strict: {
    minSide: 80,
    minSharpness: 40,
    minBrightness: 60,
    maxYaw: 40,
    maxPitch: 40,
    minStrength: 0.65,
    maxRivalShare: 0.25,
    likeness: true,
  },
};

/** The bars of enrolment: those of the profile, and the collection's own, which take the place of the profile's. */
export function enrolmentBars(profile: QualityProfile = 'standard', { enrol = {} }: QualityGates = {}): QualityBars {
  return { ...QUALITY_BARS[profile], ...enrol } as QualityBars;
}
