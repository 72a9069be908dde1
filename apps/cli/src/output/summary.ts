import type { ResultDocument } from '@facelane/contracts';
import { type FaceView, viewFaces } from './face.view.js';

/** One photo as the user named it, and how it ended. */
export interface ResultRow {
  readonly file: string;
  readonly result: ResultDocument;
}

export interface Summary {
  readonly photos: number;
  readonly faces: number;
  readonly recognised: number;
  readonly toReview: number;
  readonly unknown: number;
  /** Not compared: below the collection's bars of quality. */
  readonly withheld: number;
  readonly withoutFace: number;
  readonly failed: number;
}

export interface PersonSummary {
  readonly id: string;
  readonly name: string;
  /** Photos he was recognised in, in the order given. */
  readonly photos: readonly PersonSighting[];
  /** Photos he may be in. */
  readonly toReview: readonly PersonSighting[];
}

/** The place of a person in one photo. */
export interface PersonSighting {
  readonly row: ResultRow;
  readonly face: FaceView;
}

export function summarize(rows: readonly ResultRow[]): Summary {
  const none = { faces: 0, recognised: 0, toReview: 0, unknown: 0, withheld: 0, withoutFace: 0, failed: 0 };
  const counts = { photos: rows.length, ...none };
  for (const { result } of rows) {
    if (result.state === 'failed') {
      counts.failed += 1;
      continue;
    }
    counts.faces += result.faces.length;
    if (result.faces.length === 0) counts.withoutFace += 1;
    for (const { decision, withheld } of viewFaces(result)) {
      counts[withheld === undefined ? COUNTER[decision] : 'withheld'] += 1;
    }
  }
  return counts;
}

const COUNTER = { match: 'recognised', review: 'toReview', none: 'unknown' } as const;

/** `12 photos`, `30 faces`, `21 recognised`, …; zero counts are left out, but photos and faces are always said. */
export function summaryParts(summary: Summary): readonly string[] {
  const { photos, faces, recognised, toReview, unknown, withheld, withoutFace, failed } = summary;
  const optional: readonly (readonly [number, string])[] = [
    [recognised, 'recognised'],
    [toReview, 'to review'],
    [unknown, 'unknown'],
    [withheld, 'not compared'],
    [withoutFace, withoutFace === 1 ? 'photo without a face' : 'photos without a face'],
    [failed, 'failed'],
  ];
  return [
    count(photos, 'photo'),
    count(faces, 'face'),
    ...optional.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`),
  ];
}

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Every person who was or may have been seen, the most often seen first. A photo counts once per person. */
export function summarizePeople(rows: readonly ResultRow[]): readonly PersonSummary[] {
  const people = new Map<string, { id: string; name: string; photos: PersonSighting[]; toReview: PersonSighting[] }>();
  for (const row of rows) {
    if (row.result.state === 'failed') continue;
    for (const [id, face] of bestPerPerson(viewFaces(row.result))) {
      const name = face.person!.name;
      const person = people.get(id) ?? { id, name, photos: [], toReview: [] };
      people.set(id, person);
      person[face.decision === 'match' ? 'photos' : 'toReview'].push({ row, face });
    }
  }
  return [...people.values()].toSorted(
    (a, b) =>
      b.photos.length - a.photos.length || b.toReview.length - a.toReview.length || a.name.localeCompare(b.name, 'en'),
  );
}

/** A match beats a review whatever the score; then the higher score counts. */
function bestPerPerson(faces: readonly FaceView[]): ReadonlyMap<string, FaceView> {
  const best = new Map<string, FaceView>();
  for (const face of faces) {
    if (face.person === undefined) continue;
    const other = best.get(face.person.id);
    if (other === undefined || rank(face) > rank(other)) best.set(face.person.id, face);
  }
  return best;
}

const rank = ({ decision, score = -1 }: FaceView): number => score + (decision === 'match' ? 10 : 0);
