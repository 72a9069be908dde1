import type { ResultDocument } from '../../documents/result.schema.js';
import { changedFaces, isSameEnd } from './change.events.js';

/**
 * The result with the times that its events bear. A run that comes to what is stored already keeps the stored times, so
 * its events have the bytes that they had; a decision that changed is changed `now`.
 *
 * @param stored - what `next` is to take the place of
 * @param now - ISO datetime
 */
export function withTimes<R extends ResultDocument>(next: R, stored: ResultDocument | undefined, now: string): R {
  if (stored === undefined || !isRepetition(stored, next)) return { ...next, endedAt: now };
  const { endedAt } = stored;
  const changedAt = isSameEnd(stored, next) && changedFaces(stored, next).length > 0 ? now : stored.changedAt;
  return { ...next, ...(endedAt !== undefined && { endedAt }), ...(changedAt !== undefined && { changedAt }) };
}

function isRepetition(stored: ResultDocument, next: ResultDocument): boolean {
  if (stored.state === 'done' || next.state === 'done') return isSameEnd(stored, next);
  const [before, after] = [stored.failure, next.failure];
  return stored.submittedAt === next.submittedAt && before.stage === after.stage && before.code === after.code;
}
