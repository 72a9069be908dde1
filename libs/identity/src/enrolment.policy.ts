import type { DetectedFace } from '@facelane/contracts';

/** Bars that a photo must pass to give a reference face. */
export interface EnrolmentBars {
  /** Smallest shorter side of the face's box, pixels of the photo. Default 40: an aligned crop is 112. */
  readonly minSide: number;
  /**
   * Largest area of the second face as a share of the first. Default 0.5: passers-by behind a portrait are no
   * doubt, two people side by side are.
   */
  readonly maxRivalShare: number;
}

export const DEFAULT_ENROLMENT_BARS: EnrolmentBars = { minSide: 40, maxRivalShare: 0.5 };

export type EnrolmentChoice =
  | { readonly outcome: 'accepted'; readonly face: DetectedFace }
  | {
      readonly outcome: 'refused';
      readonly reason: 'no_face' | 'several_faces' | 'too_small';
      readonly measured: number;
      readonly bar: number;
    };

/** Which face of an enrolment photo is the person's: the one that stands out, or none with the reason. */
export function chooseReferenceFace(
  faces: readonly DetectedFace[],
  bars: EnrolmentBars = DEFAULT_ENROLMENT_BARS,
): EnrolmentChoice {
  const [largest, second] = [...faces].sort((a, b) => area(b) - area(a) || a.index - b.index);
  if (largest === undefined) return { outcome: 'refused', reason: 'no_face', measured: 0, bar: 1 };
  const rivalShare = second === undefined ? 0 : area(second) / area(largest);
  if (rivalShare > bars.maxRivalShare) {
    return { outcome: 'refused', reason: 'several_faces', measured: rivalShare, bar: bars.maxRivalShare };
  }
  if (largest.quality.minSide < bars.minSide) {
    return { outcome: 'refused', reason: 'too_small', measured: largest.quality.minSide, bar: bars.minSide };
  }
  return { outcome: 'accepted', face: largest };
}

const area = ({ box }: DetectedFace): number => box.width * box.height;
