import { discardReport, type VerificationReport } from '@facelane/evaluation';
import { faceUtility } from '@facelane/vision';
import type { MeasuredDiscard } from '../../output/evaluation/discard.text.js';
import type { EmbeddedFile } from '../photos/embed.photos.js';

/**
 * What utility is worth on these photos, at the threshold of the lowest false match rate that is stated; undefined when
 * none is.
 *
 * @param files with the person's folder as the first part of their paths.
 */
export function utilityDiscard(
  files: readonly EmbeddedFile[],
  { points }: Pick<VerificationReport, 'points'>,
): MeasuredDiscard | undefined {
  const [strictest] = points.toSorted((a, b) => a.limit - b.limit);
  if (strictest === undefined) return undefined;
  const faces = files.flatMap(({ path, face, vector }) =>
    face === undefined || vector === undefined
      ? []
      : [{ person: path.slice(0, path.indexOf('/')), vector, utility: faceUtility(face) }],
  );
  return { limit: strictest.limit, ...discardReport(faces, { threshold: strictest.threshold }) };
}
