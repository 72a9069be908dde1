import type { MatchChange } from '../../documents/match-change.schema.js';
import type { DoneResult, ResultDocument, ResultFace } from '../../documents/result.schema.js';
import type { EventOf } from '../event.schema.js';
import { changedFaces, eventsOfChange, isSameEnd } from './change.events.js';
import { withTimes } from './result.times.js';

/**
 * The result as it takes the place of `stored`: with the times that its events bear, and with what it leaves where
 * something is decided otherwise. So the document and the facts of its events are one write, and whoever finds the
 * document can tell them.
 *
 * @param at.now - ISO datetime
 */
export function takingPlaceOf<R extends ResultDocument>(
  next: R,
  stored: ResultDocument | undefined,
  { reason, now }: { readonly reason: MatchChange; readonly now: string },
): R {
  const timed = withTimes(next, stored, now);
  if (stored === undefined || timed.state !== 'done' || !isSameEnd(stored, timed)) return timed;
  const changed = changedFaces(stored, timed);
  if (changed.length === 0)
    return stored.lastChange === undefined ? timed : { ...timed, lastChange: stored.lastChange };
  const { changedAt: leftAt } = stored;
  const from = changed.map(([{ pointId, decision, personId }]) => ({
    pointId,
    decision,
    ...(personId !== undefined && { personId }),
  }));
  return { ...timed, lastChange: { reason, ...(leftAt !== undefined && { leftAt }), from } };
}

/**
 * The events of the last change of the result, if it came about at `since` or later: the bytes that they had when it was
 * made.
 *
 * @param of.since - ISO datetime, as `Date` writes it
 */
export function eventsOfLastChange(
  result: ResultDocument | undefined,
  { since, externalId }: { readonly since: string; readonly externalId?: string | undefined },
): EventOf<'match.updated'>[] {
  if (result?.state !== 'done' || result.lastChange === undefined) return [];
  if (Date.parse(result.changedAt ?? '') < Date.parse(since)) return [];
  return eventsOfChange(beforeChange(result), result, { reason: result.lastChange.reason, externalId });
}

/**
 * The result as its work ended with it, as far as it knows: what has changed more than once is taken as it is. Scores
 * of people whom a face was said not to be are not there any more.
 */
export function firstOf(result: DoneResult): DoneResult {
  return result.lastChange !== undefined && result.lastChange.leftAt === undefined ? beforeChange(result) : result;
}

function beforeChange(result: DoneResult): DoneResult {
  const { lastChange, ...rest } = result;
  const left = new Map(lastChange?.from.map((face) => [face.pointId, face]));
  const faces = result.faces.map((face): ResultFace => {
    const before = left.get(face.pointId);
    return before === undefined ? face : { ...face, decision: before.decision, personId: before.personId };
  });
  return { ...rest, faces, changedAt: lastChange?.leftAt };
}
