import type { DetectedFace, QualityProfile, ResultFace } from '@facelane/contracts';
import type { RecognisedFace } from '@facelane/gallery';
import { QUALITY_BARS, qualityFindings } from '@facelane/identity';
import type { FaceBody, ResultFaceBody, SearchFaceBody } from '../schemas/face.schema.js';

/** By which bars findings of quality are told. */
export type QualityView = QualityProfile;

export function faceView({ index, box, landmarks, score, quality }: DetectedFace, profile: QualityView): FaceBody {
  const qualityReasons = qualityFindings(quality, QUALITY_BARS[profile]);
  return { index, box, landmarks, score, quality, qualityReasons: [...qualityReasons] };
}

export function resultFaceView(face: ResultFace, profile: QualityView): ResultFaceBody {
  const { pointId, decision, personId, candidates, margin, threshold, displacedBy, assignment } = face;
  return {
    ...faceView(face, profile),
    faceId: pointId,
    decision,
    ...(personId !== undefined && { personId }),
    candidates: [...candidates],
    ...(margin !== undefined && { margin }),
    threshold,
    ...(displacedBy !== undefined && { displacedBy }),
    ...(assignment !== undefined && { assignment }),
  };
}

/** A face of a photo that was looked at and not stored. */
export function searchFaceView(face: RecognisedFace, profile: QualityView): SearchFaceBody {
  const { decision, personId, candidates, margin, threshold, displacedBy } = face;
  return {
    ...faceView(face, profile),
    decision,
    ...(personId !== undefined && { personId }),
    // Someone whose references went between two questions to the index has the score that the first one gave.
    candidates: candidates.map((candidate) => ({ ...candidate, mean: candidate.mean ?? candidate.score })),
    ...(margin !== undefined && { margin }),
    threshold,
    ...(displacedBy !== undefined && { displacedBy }),
  };
}
