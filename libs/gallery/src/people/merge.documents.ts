import { type PersonDocument, type Reference, StageError } from '@facelane/contracts';
import { omit } from '../omit.js';

/** As many as the document of a person holds. */
const MAX_REFERENCES = 1000;
const MAX_ABSORBED = 1000;
export const MAX_REJECTED = 10_000;

/**
 * `into` once `from` is part of him: with his references, and not being what he is not. Given again, nothing changes.
 * @throws StageError GALLERY.TOO_MANY
 */
export function absorbing(into: PersonDocument, from: PersonDocument): PersonDocument {
  const known = new Set(into.references.map(({ pointId }) => pointId));
  const added = from.references.filter(({ pointId }) => !known.has(pointId));
  const absorbed = new Set([...(into.absorbed ?? []), from.id]);
  const rejected = new Set([...(into.rejected ?? []), ...(from.rejected ?? [])]);
  const references = [...into.references, ...added.map((each): Reference => ({ ...each, mergedFrom: from.id }))];
  requireAtMost(MAX_REFERENCES, references.length, 'reference faces', into);
  requireAtMost(MAX_ABSORBED, absorbed.size, 'people', into);
  requireAtMost(MAX_REJECTED, rejected.size, 'rejected faces', into);
  const isSame =
    added.length === 0 &&
    absorbed.size === (into.absorbed?.length ?? 0) &&
    rejected.size === (into.rejected?.length ?? 0);
  if (isSame) return into;
  return {
    ...into,
    references,
    absorbed: [...absorbed],
    ...(rejected.size > 0 && { rejected: [...rejected] }),
  };
}

/** `from` with the references that were added, through him, to the one he was merged into. */
export function restored(from: PersonDocument, theirs: readonly Reference[]): PersonDocument {
  const known = new Set(from.references.map(({ pointId }) => pointId));
  const added = theirs.filter(({ pointId }) => !known.has(pointId)).map((each) => omit(each, 'mergedFrom'));
  return added.length === 0 ? from : { ...from, references: [...from.references, ...added] };
}

/** `into` without `from`. A face that both of them were said not to be is left to `from` alone. */
export function releasing(into: PersonDocument, from: PersonDocument): PersonDocument {
  const references = into.references.filter(({ mergedFrom }) => mergedFrom !== from.id);
  const absorbed = (into.absorbed ?? []).filter((id) => id !== from.id);
  const rejections = new Set(from.rejected);
  const rejected = (into.rejected ?? []).filter((id) => !rejections.has(id));
  const isSame =
    references.length === into.references.length &&
    absorbed.length === (into.absorbed?.length ?? 0) &&
    rejected.length === (into.rejected?.length ?? 0);
  if (isSame) return into;
  return {
    ...omit(into, 'absorbed', 'rejected'),
    references,
    ...(absorbed.length > 0 && { absorbed }),
    ...(rejected.length > 0 && { rejected }),
  };
}

/** @throws StageError GALLERY.TOO_MANY */
export function requireAtMost(limit: number, count: number, what: string, { id }: PersonDocument): void {
  if (count <= limit) return;
  throw new StageError('GALLERY.TOO_MANY', `Person ${id} would have ${count} ${what}, of ${limit} at most.`, {
    safeDetails: { id, count, limit },
  });
}
