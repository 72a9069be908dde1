import type { ScoredPoint } from '@facelane/face-index';

/** A person by the best of his reference faces. */
export interface PersonScore {
  readonly personId: string;
  /** Cosine of the best reference, -1..1. */
  readonly score: number;
  /** Index point of that reference. */
  readonly referenceId: string;
  /** That the face and the reference are of one person, 0..1, where the contract has a comparer that was asked. */
  readonly probability?: number;
}

/** Folds reference faces to persons, each by his best score, best person first; equal scores by id. */
export function bestPerPerson(points: readonly ScoredPoint[]): PersonScore[] {
  const best = new Map<string, PersonScore>();
  for (const { point, score } of points) {
    if (point.personId === undefined) continue;
    const known = best.get(point.personId);
    if (known === undefined || score > known.score) {
      best.set(point.personId, { personId: point.personId, score, referenceId: point.id });
    }
  }
  return [...best.values()].sort((a, b) => b.score - a.score || a.personId.localeCompare(b.personId));
}
