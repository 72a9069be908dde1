import type { DetectedFace } from '@facelane/contracts';

/**
 * The face a portrait is of: LFW centres its subject, so among the faces the one whose centre is nearest to the
 * photo's centre, measured in widths of the face so that a large face beats a small one beside it.
 */
export function mainFace(
  faces: readonly DetectedFace[],
  photo: { readonly width: number; readonly height: number },
): DetectedFace | undefined {
  const distance = ({ box }: DetectedFace): number =>
    Math.hypot(box.x + box.width / 2 - photo.width / 2, box.y + box.height / 2 - photo.height / 2) / box.width;
  return [...faces].sort((a, b) => distance(a) - distance(b) || a.index - b.index)[0];
}
