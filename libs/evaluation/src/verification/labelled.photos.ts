import { UsageError } from '@facelane/contracts';
import type { KnownFace } from '../pairs/pair.scorer.js';

/** A photo whose person is known. */
export interface LabelledPhoto {
  /** Names it, and tells it from all others. */
  readonly path: string;
  readonly person: string;
  /** Unit vector of the person's face; absent when none was found in it. */
  readonly vector?: Float32Array | undefined;
}

/** Photos as numbers, for the threads that compare them. */
export interface NumberedPhotos {
  /** Those with a face; a pair names them by their places here. */
  readonly photos: readonly LabelledPhoto[];
  readonly faces: readonly KnownFace[];
  /** People by number, in order of name. */
  readonly people: readonly PersonCounts[];
}

export interface PersonCounts {
  readonly name: string;
  readonly photos: number;
  /** Photos with a face. */
  readonly faces: number;
}

/** @throws UsageError when no photo has a face, all are of one person, or nobody has two with a face. */
export function numberPhotos(all: readonly LabelledPhoto[], source: string): NumberedPhotos {
  const names = [...new Set(all.map(({ person }) => person))].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  const photos = all.filter(({ vector }) => vector !== undefined);
  if (photos.length === 0) {
    throw new UsageError(
      `No face was found in any of the ${all.length} photos in ${source}.`,
      'Use photos in which the face is upright and at least 40 pixels wide.',
    );
  }
  const counts = names.map((name) => ({ name, photos: 0, faces: 0 }));
  for (const { person, vector } of all) {
    const count = counts[numbers.get(person)!]!;
    count.photos += 1;
    if (vector !== undefined) count.faces += 1;
  }
  requirePairs(counts, source);
  const faces = photos.map(({ person, vector }) => ({ person: numbers.get(person)!, vector: vector! }));
  return { photos, faces, people: counts };
}

function requirePairs(people: readonly PersonCounts[], source: string): void {
  const seen = people.filter(({ faces }) => faces > 0);
  if (seen.length === 1) {
    throw new UsageError(
      people.length === 1
        ? `All photos in ${source} are of one person, ${seen[0]!.name}: there is nobody to take him for.`
        : `Of the ${people.length} people in ${source} only ${seen[0]!.name} has a photo with a face.`,
      'Add folders of other people, with two or more photos each.',
    );
  }
  if (seen.some(({ faces }) => faces > 1)) return;
  throw new UsageError(
    `Nobody in ${source} has two photos with a face: how often one person is recognised cannot be measured.`,
    'Add more photos to the folders of some of the people.',
  );
}

/** Pairs of two photos that show the same person. */
export const samePersonPairs = (photos: number): number => (photos * (photos - 1)) / 2;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Genuine pairs that could not be compared, since one of their photos, or both, gave no face. */
export const lostPairs = (people: readonly PersonCounts[]): number =>
  sum(people.map(({ photos, faces }) => samePersonPairs(photos) - samePersonPairs(faces)));

/**
 * Impostor pairs with a face in both photos, when each person counts as often as `weights` says (default once). Two
 * copies of one person make no impostor pairs.
 */
export function impostorPairs(people: readonly PersonCounts[], weights?: ArrayLike<number>): number {
  let faces = 0;
  let squares = 0;
  for (let at = 0; at < people.length; at++) {
    const { faces: own } = people[at]!;
    const weight = weights === undefined ? 1 : weights[at]!;
    faces += weight * own;
    squares += (weight * own) ** 2;
  }
  return (faces ** 2 - squares) / 2;
}
