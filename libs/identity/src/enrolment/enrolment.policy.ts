import type { DetectedFace, EnrolmentRefusal } from '@facelane/contracts';
import { QUALITY_BARS, type QualityBars } from '../quality/quality.bars.js';
import { qualityFindings } from '../quality/quality.findings.js';

/** Why a photo was not taken, with what was measured and the bar that it failed. */
export interface Refusal<Reason extends EnrolmentRefusal = EnrolmentRefusal> {
  readonly outcome: 'refused';
  readonly reason: Reason;
  readonly measured: number;
  readonly bar: number;
}

export type EnrolmentChoice = { readonly outcome: 'accepted'; readonly face: DetectedFace } | Refusal;

/**
 * Which face of an enrolment photo is the person's: the one that stands out, or none with the first reason in the order
 * of `EnrolmentRefusal`. `measured` and `bar` are faces for no_face, a share of areas for several_faces, and else in
 * the units of QualityBars; for pose they are of the angle that is beyond its bar.
 */
export function chooseReferenceFace(
  faces: readonly DetectedFace[],
  bars: QualityBars = QUALITY_BARS.standard,
): EnrolmentChoice {
  const [largest, second] = [...faces].sort((a, b) => area(b) - area(a) || a.index - b.index);
  if (largest === undefined) return refused('no_face', 0, 1);
  const rivalShare = second === undefined ? 0 : area(second) / area(largest);
  if (rivalShare > bars.maxRivalShare) return refused('several_faces', rivalShare, bars.maxRivalShare);
  return qualityRefusal(largest, bars) ?? { outcome: 'accepted', face: largest };
}

function qualityRefusal(face: DetectedFace, bars: QualityBars): Refusal | undefined {
  const [first] = qualityFindings(face, bars);
  return first && refused(first.reason, first.measured, first.bar);
}

const refused = <Reason extends EnrolmentRefusal>(reason: Reason, measured: number, bar: number): Refusal<Reason> => ({
  outcome: 'refused',
  reason,
  measured,
  bar,
});

const area = ({ box }: DetectedFace): number => box.width * box.height;
