import { createHash } from 'node:crypto';
import { UsageError } from '@facelane/contracts';

/** Share of the people with several photos who are kept out of the gallery. */
const STRANGER_SHARE = 1 / 4;

/** Photos of people, apart for a search. */
export interface GallerySplit {
  /** One photo of each enrolled person. */
  readonly gallery: readonly LabelledPath[];
  /** The other photos of those who are enrolled: each search should find its person. */
  readonly mated: readonly LabelledPath[];
  /** All photos of those who are not: each search should find nobody. */
  readonly strangers: readonly LabelledPath[];
}

export interface LabelledPath {
  readonly person: string;
  readonly path: string;
}

/**
 * Who is enrolled, and with which photo. It follows from names alone, so that two runs, or two models, are asked the
 * same; and whether somebody is enrolled does not depend on who else is there.
 *
 * - Whoever has one photo is a stranger: there would be nothing to search with.
 * - Of the others a quarter are strangers: those whose name's SHA-256 begins with a byte below 64.
 * - Everybody else is enrolled with the first of his photos in order of path; the others are searches.
 *
 * @throws UsageError when fewer than two people can be enrolled: there would be nobody to take anybody for.
 */
export function splitPeople(people: ReadonlyMap<string, readonly string[]>, source: string): GallerySplit {
  const split = { gallery: [] as LabelledPath[], mated: [] as LabelledPath[], strangers: [] as LabelledPath[] };
  for (const person of [...people.keys()].sort()) {
    const photos = [...people.get(person)!].sort().map((path) => ({ person, path }));
    if (photos.length < 2 || isStranger(person)) {
      split.strangers.push(...photos);
    } else {
      split.gallery.push(photos[0]!);
      split.mated.push(...photos.slice(1));
    }
  }
  if (split.gallery.length < 2) refuse(people, source);
  return split;
}

const isStranger = (person: string): boolean =>
  createHash('sha256').update(person.normalize('NFC')).digest()[0]! < STRANGER_SHARE * 256;

function refuse(people: ReadonlyMap<string, readonly string[]>, source: string): never {
  const [only, ...others] = people.keys();
  const several = [...people.values()].filter((photos) => photos.length > 1).length;
  if (others.length === 0) {
    throw new UsageError(
      `All photos in ${source} are of one person, ${only ?? ''}: there is nobody to take him for.`,
      'Add folders of other people, with two or more photos each.',
    );
  }
  if (several === 0) {
    throw new UsageError(
      `Each of the ${people.size} people in ${source} has one photo: with it enrolled, there is none to search with.`,
      'Add a second photo to the folders of some of the people.',
    );
  }
  throw new UsageError(
    `Of the ${people.size} people in ${source} ${several} have two photos or more, and with a quarter of these kept out fewer than two can be enrolled.`,
    'Add folders of more people, with two or more photos each.',
  );
}
