import type { DetectedFace } from '@facelane/contracts';

/** The faces with what the embedder said of each, in their order; unchanged where it says nothing. */
export const withStrengths = (
  faces: readonly DetectedFace[],
  strengths: readonly number[] | undefined,
): readonly DetectedFace[] =>
  strengths === undefined
    ? faces
    : faces.map((face, at) => ({ ...face, quality: { ...face.quality, strength: strengths[at]! } }));
