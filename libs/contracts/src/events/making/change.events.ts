import type { MatchChange } from '../../documents/match-change.schema.js';
import type { DoneResult, ResultDocument, ResultFace } from '../../documents/result.schema.js';
import type { EventData, EventOf } from '../event.schema.js';
import { faceNamesOf, scoreOf } from './face.event.js';
import { makeEvent } from './make-event.js';

export interface ChangeFacts {
  readonly reason: MatchChange;
  readonly externalId?: string | undefined;
}

/**
 * Of each face whose decision or person is another one. Nothing when they are results of two submissions, which have an
 * end each, nor of a face that only one of them has.
 *
 * A change is named by the state that it leaves and by what it leads to. A decision may go back and forth; the time at
 * which the state that is left came about keeps those changes apart, and is not that of whoever tries twice to change it.
 */
export function eventsOfChange(
  previous: ResultDocument,
  next: ResultDocument,
  { reason, externalId }: ChangeFacts,
): EventOf<'match.updated'>[] {
  if (!isSameEnd(previous, next)) return [];
  const { tenant, collection, assetId, submittedAt, changedAt, endedAt } = next;
  return changedFaces(previous, next).map(([before, face]) => {
    const [from, to] = [decidedOf(before), decidedOf(face)];
    const left = [previous.changedAt ?? '', from.decision, from.personId ?? ''];
    return makeEvent('match.updated', {
      tenant,
      collection,
      facts: [assetId, submittedAt, face.pointId, ...left, to.decision, to.personId ?? ''],
      timestamp: changedAt ?? endedAt ?? submittedAt,
      data: {
        ...faceNamesOf(assetId, face, { externalId }),
        from,
        to,
        ...scoreOf(face),
        threshold: face.threshold,
        reason,
      },
    });
  });
}

/** Two states of one end: what was decided of the faces may differ, and nothing else that is told. */
export function isSameEnd(previous: ResultDocument, next: ResultDocument): previous is DoneResult {
  return previous.state === 'done' && next.state === 'done' && previous.submittedAt === next.submittedAt;
}

/** Pairs of a face before and after. */
export function changedFaces(previous: DoneResult, next: ResultDocument): [ResultFace, ResultFace][] {
  const before = new Map(previous.faces.map((face) => [face.pointId, face]));
  return (next.state === 'done' ? next.faces : []).flatMap((face): [ResultFace, ResultFace][] => {
    const known = before.get(face.pointId);
    const isSame = known === undefined || (known.decision === face.decision && known.personId === face.personId);
    return isSame ? [] : [[known, face]];
  });
}

function decidedOf({ decision, personId }: ResultFace): EventData<'match.updated'>['from'] {
  return { decision, ...(personId !== undefined && { personId }) };
}
