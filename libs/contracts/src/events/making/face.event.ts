import type { DoneResult, ResultFace } from '../../documents/result.schema.js';
import type { EventData, EventOf } from '../event.schema.js';
import { makeEvent } from './make-event.js';

interface NamedAsset {
  readonly externalId?: string | undefined;
}

/** What was decided of a face when its asset ended. Another decision is another fact. */
export function faceEvent(
  result: DoneResult,
  face: ResultFace,
  asset: NamedAsset,
): EventOf<'face.matched'> | EventOf<'face.unmatched'> {
  const { tenant, collection, assetId, submittedAt, endedAt } = result;
  const { pointId, decision, personId, threshold, candidates } = face;
  const of = { tenant, collection, timestamp: endedAt ?? submittedAt };
  const named = faceNamesOf(assetId, face, asset);
  if (decision === 'none' || personId === undefined) {
    const best = candidates[0]?.score;
    return makeEvent('face.unmatched', {
      ...of,
      facts: [assetId, submittedAt, pointId],
      data: { ...named, ...(best !== undefined && { bestScore: best }), threshold },
    });
  }
  return makeEvent('face.matched', {
    ...of,
    facts: [assetId, submittedAt, pointId, decision, personId],
    data: { ...named, decision, personId, ...scoreOf(face), threshold },
  });
}

export function faceNamesOf(
  assetId: string,
  { pointId, index, box }: ResultFace,
  { externalId }: NamedAsset,
): Pick<EventData<'face.unmatched'>, 'assetId' | 'externalId' | 'faceId' | 'index' | 'box'> {
  return { assetId, ...(externalId !== undefined && { externalId }), faceId: pointId, index, box };
}

/** That of the person decided on. Somebody whom the face was said to be need not resemble it at all. */
export function scoreOf({ personId, candidates }: ResultFace): { score?: number } {
  const score = candidates.find((candidate) => candidate.personId === personId)?.score;
  return score === undefined ? {} : { score };
}
