import type { DetectedFace, QualityBarsRecord, QualityReason } from '@facelane/contracts';
import { faceUtility } from '@facelane/vision';

export type MeasuredFace = Pick<DetectedFace, 'score' | 'quality'>;

export interface QualityRule {
  /** Its name says the direction: what is below a `min` bar or above a `max` bar falls short. */
  readonly bar: keyof QualityBarsRecord;
  readonly reason: QualityReason;
  /** What is compared with the bar, in its unit; undefined where it was not measured: then the face passes. */
  readonly measure: (face: MeasuredFace) => number | undefined;
  /** What helps, for people. */
  readonly remedy: string;
}

const turned = 'Use a photo in which the face looks towards the camera.';

/** Every bar of quality, in the order in which reasons are told. */
export const QUALITY_RULES: readonly QualityRule[] = [
  {
    bar: 'minSide',
    reason: 'too_small',
    measure: ({ quality }) => quality.minSide,
    remedy: 'Use a photo of more pixels, or one taken closer.',
  },
  {
    bar: 'minSharpness',
    reason: 'too_blurred',
    measure: ({ quality }) => quality.sharpness,
    remedy: 'Use a photo in focus, without motion blur, that was not enlarged.',
  },
  {
    bar: 'minBrightness',
    reason: 'too_dark',
    measure: ({ quality }) => quality.brightness,
    remedy: 'Use a photo with more light on the face.',
  },
  {
    bar: 'maxYaw',
    reason: 'pose',
    remedy: turned,
    measure: ({ quality }) => Math.abs(quality.yaw),
  },
  {
    bar: 'maxPitch',
    reason: 'pose',
    remedy: turned,
    measure: ({ quality }) => Math.abs(quality.pitch),
  },
  {
    bar: 'maxRoll',
    reason: 'pose',
    measure: ({ quality }) => Math.abs(quality.roll),
    remedy: 'Turn the photo upright.',
  },
  {
    bar: 'maxBrightness',
    reason: 'too_bright',
    measure: ({ quality }) => quality.brightness,
    remedy: 'Use a photo in which the face is not overexposed.',
  },
  {
    bar: 'minContrast',
    reason: 'too_flat',
    measure: ({ quality }) => quality.contrast,
    remedy: 'Use a photo with more even exposure, without haze.',
  },
  {
    bar: 'maxCut',
    reason: 'cut',
    measure: ({ quality }) => Number(quality.cut),
    remedy: 'Use a photo that shows the whole face.',
  },
  {
    bar: 'minScore',
    reason: 'unsure',
    measure: ({ score }) => score,
    remedy: 'Check that it is a face; use a photo that shows it clearly.',
  },
  {
    bar: 'minStrength',
    reason: 'unrecognisable',
    measure: ({ quality }) => quality.strength,
    remedy: 'Turn the photo upright; use one in which the face is not hidden.',
  },
  {
    bar: 'minUtility',
    reason: 'low_utility',
    measure: faceUtility,
    remedy: 'Use a larger, sharper photo of the face from the front.',
  },
];

/** What helps against a finding, as a sentence. */
export const remedyOf = (reason: QualityReason): string => QUALITY_RULES.find((rule) => rule.reason === reason)!.remedy;
