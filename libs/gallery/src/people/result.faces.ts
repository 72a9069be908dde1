import type { DoneResult, ResultFace } from '@facelane/contracts';
import { omit } from '../omit.js';

/** Whether the face was decided for one of the people, or somebody said so. */
export function isOf(
  { personId, assignment }: Pick<ResultFace, 'personId' | 'assignment'>,
  people: ReadonlySet<string>,
): boolean {
  // What somebody said goes before what was compared.
  const id = assignment?.personId ?? personId;
  return id !== undefined && people.has(id);
}

/** Whether anything of the face names one of the people. */
export function namesAny({ personId, assignment, candidates }: ResultFace, people: ReadonlySet<string>): boolean {
  const named = [personId, assignment?.personId, ...candidates.map((candidate) => candidate.personId)];
  return named.some((id) => id !== undefined && people.has(id));
}

/**
 * The face as if the people did not exist, as far as can be said without comparing it again: who is left of the
 * candidates, and the margin between the first two of them. The face itself when it names none of the people.
 */
export function withoutPeople(face: ResultFace, people: ReadonlySet<string>): ResultFace {
  if (!namesAny(face, people)) return face;
  const { personId, assignment, displacedBy } = face;
  const candidates = face.candidates.filter((candidate) => !people.has(candidate.personId));
  const [best, second] = candidates;
  const isHis = personId !== undefined && people.has(personId);
  return {
    ...omit(face, 'personId', 'assignment', 'displacedBy', 'margin'),
    decision: isHis ? 'none' : face.decision,
    candidates,
    ...(!isHis && personId !== undefined && { personId }),
    ...(assignment !== undefined && !people.has(assignment.personId) && { assignment }),
    // Said of the best candidate, who may be another one now.
    ...(displacedBy !== undefined && best === face.candidates[0] && { displacedBy }),
    ...(best !== undefined && second !== undefined && { margin: best.score - second.score }),
  };
}

/** Whether anything of the result's faces, as they are or as they were before their last change, names one of the people. */
export function isAbout({ faces, lastChange }: DoneResult, people: ReadonlySet<string>): boolean {
  return faces.some((face) => namesAny(face, people)) || (lastChange?.from ?? []).some((left) => isOf(left, people));
}

/** The result as if its last change had not left any of the people. */
export function withoutHistoryOf(result: DoneResult, people: ReadonlySet<string>): DoneResult {
  const { lastChange, ...rest } = result;
  const from = lastChange?.from.filter((left) => !isOf(left, people));
  if (lastChange === undefined || from?.length === lastChange.from.length) return result;
  return { ...rest, ...(from && from.length > 0 && { lastChange: { ...lastChange, from } }) };
}
