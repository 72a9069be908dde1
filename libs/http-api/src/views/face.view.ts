import type { CollectionDocument, DetectedFace, QualityFinding, ResultFace, Withheld } from '@facelane/contracts';
import type { RecognisedFace } from '@facelane/gallery';
import { enrolmentBars, qualityFindings, remedyOf, withheldBy } from '@facelane/identity';
import { faceUtility } from '@facelane/vision';
import type { FaceBody, ResultFaceBody, SearchFaceBody, VerifyFaceBody } from '../schemas/face.schema.js';

/** By which bars findings of quality are told: those by which a collection takes reference faces. */
export type QualityView = Pick<CollectionDocument, 'quality' | 'qualityBars'>;

export function faceView(face: DetectedFace, { quality: profile, qualityBars }: QualityView): FaceBody {
  const { index, box, landmarks, score, quality } = face;
  const qualityReasons = told(qualityFindings(face, enrolmentBars(profile, qualityBars)));
  return { index, box, landmarks, score, quality, utility: faceUtility(face), qualityReasons };
}

const told = (findings: readonly QualityFinding[]): FaceBody['qualityReasons'] =>
  findings.map((finding) => ({ ...finding, remedy: remedyOf(finding.reason) }));

const toldWithheld = (withheld: Withheld | undefined): Pick<VerifyFaceBody, 'withheld'> =>
  withheld === undefined ? {} : { withheld: { from: withheld.from, reasons: told(withheld.reasons) } };

/** One of two faces that are to be compared with each other. */
export const verifyFaceView = (face: DetectedFace, view: QualityView): VerifyFaceBody => ({
  ...faceView(face, view),
  ...toldWithheld(withheldBy(face, view.qualityBars)),
});

export function resultFaceView(face: ResultFace, bars: QualityView): ResultFaceBody {
  const { pointId, decision, personId, candidates, margin, threshold, displacedBy, assignment, withheld } = face;
  return {
    ...faceView(face, bars),
    faceId: pointId,
    decision,
    ...(personId !== undefined && { personId }),
    candidates: [...candidates],
    ...(margin !== undefined && { margin }),
    threshold,
    ...(displacedBy !== undefined && { displacedBy }),
    ...toldWithheld(withheld),
    ...(assignment !== undefined && { assignment }),
  };
}

/** A face of a photo that was looked at and not stored. */
export function searchFaceView(face: RecognisedFace, bars: QualityView): SearchFaceBody {
  const { decision, personId, candidates, margin, threshold, displacedBy, withheld } = face;
  return {
    ...faceView(face, bars),
    decision,
    ...(personId !== undefined && { personId }),
    // Someone whose references went between two questions to the index has the score that the first one gave.
    candidates: candidates.map((candidate) => ({ ...candidate, mean: candidate.mean ?? candidate.score })),
    ...(margin !== undefined && { margin }),
    threshold,
    ...(displacedBy !== undefined && { displacedBy }),
    ...toldWithheld(withheld),
  };
}
