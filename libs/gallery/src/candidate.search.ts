import type { FaceIndex, ScoredPoint } from '@facelane/face-index';
import { bestPerPerson, type PersonScore } from '@facelane/identity';
import type { EnsuredIndex } from './ensured.index.js';
import type { PersonLookup } from './person.lookup.js';

/** Reference faces asked for per person wanted: persons tend to have about this many. */
const REFERENCES_PER_PERSON = 10;
const FEWEST_REFERENCES = 50;
/** As many as one person can have, so that even he leaves room for nobody else only when nobody else is nearer. */
const MOST_REFERENCES = 1000;

export interface SearchScope {
  readonly tenant: string;
  readonly collection: string;
  readonly contract: string;
}

export interface SearchedFace {
  readonly pointId: string;
  /** Unit length. */
  readonly vector: Float32Array;
}

export interface NamedScore extends PersonScore {
  readonly name: string;
}

export interface CandidatesWanted {
  /** Persons per face; two at least are looked for, so that there is a runner-up. */
  readonly limit: number;
  /** Everybody whose score reaches this is found as well, as far as 1000 references go. */
  readonly bar: number;
}

/** Who each face of a photo may be: persons that exist, by their best reference, whatever they were called before. */
export class CandidateSearch {
  constructor(private readonly index: EnsuredIndex) {}

  /** One list per face, best person first. Persons who were rejected for a face are not in its list. */
  async find(
    scope: SearchScope,
    faces: readonly SearchedFace[],
    people: PersonLookup,
    wanted: CandidatesWanted,
  ): Promise<NamedScore[][]> {
    const asked = Math.min(MOST_REFERENCES, Math.max(FEWEST_REFERENCES, wanted.limit * REFERENCES_PER_PERSON));
    const found = await this.round(scope, faces, people, wanted, asked);
    const short = faces.filter((_, i) => !found[i]!.enough);
    if (short.length > 0 && asked < MOST_REFERENCES) {
      const more = await this.round(scope, short, people, wanted, MOST_REFERENCES);
      short.forEach((face, i) => (found[faces.indexOf(face)] = more[i]!));
    }
    return found.map(({ persons }) => persons);
  }

  private async round(
    { tenant, collection, contract }: SearchScope,
    faces: readonly SearchedFace[],
    people: PersonLookup,
    wanted: CandidatesWanted,
    references: number,
  ): Promise<{ persons: NamedScore[]; enough: boolean }[]> {
    if (faces.length === 0) return [];
    const vectors = faces.map(({ vector }) => vector);
    const filter = { tenant, collection, kind: 'person' } as const;
    const search = (index: FaceIndex): Promise<ScoredPoint[][]> => index.search(contract, vectors, filter, references);
    const nearest = await this.index.with(contract, vectors, search);
    return Promise.all(
      faces.map(async ({ pointId }, i) => {
        const points = nearest[i] ?? [];
        const find = (id: string): ReturnType<PersonLookup['find']> => people.find({ tenant, collection, id });
        const persons = await personsOf(bestPerPerson(points), pointId, find, wanted);
        const last = points.at(-1);
        // What lies behind the last reference is less like the face than that one.
        const all = points.length < references || last === undefined;
        return { persons, enough: all || (persons.length > 1 && last.score < wanted.bar) };
      }),
    );
  }
}

/** Turns the ids that the index knows into persons, best first, and stops when those that are left do not matter. */
async function personsOf(
  scores: readonly PersonScore[],
  pointId: string,
  find: (id: string) => ReturnType<PersonLookup['find']>,
  { limit, bar }: CandidatesWanted,
): Promise<NamedScore[]> {
  const persons = new Map<string, NamedScore>();
  const rejected = new Set<string>();
  const atOnce = Math.max(2, limit);
  for (let next = 0; next < scores.length; next += atOnce) {
    if (persons.size >= atOnce && scores[next]!.score < bar) break;
    const some = scores.slice(next, next + atOnce);
    const known = await Promise.all(some.map(({ personId }) => find(personId)));
    some.forEach((score, i) => {
      const person = known[i];
      if (person === undefined) return;
      // Said of one of two who became one person, it is said of that person.
      if (person.rejected.has(pointId)) rejected.add(person.id);
      if (rejected.has(person.id)) persons.delete(person.id);
      // The better score of such two came first.
      else if (!persons.has(person.id)) persons.set(person.id, { ...score, personId: person.id, name: person.name });
    });
  }
  return [...persons.values()].sort((a, b) => b.score - a.score || a.personId.localeCompare(b.personId));
}
