import { CachedLookup, type PeopleRegistry, type PersonKey } from '@facelane/registry';

/** What a decision needs of a person's document, which may hold a thousand references more. */
export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  /** Index points of faces that are somebody else, as was said of this person or of one merged into him. */
  readonly rejected: ReadonlySet<string>;
}

/** Who is behind the person id of an index point. Answers are up to 5 s old; a new lookup has none. */
export class PersonLookup {
  private readonly known = new CachedLookup<KnownPerson | undefined>();

  constructor(private readonly people: Pick<PeopleRegistry, 'path'>) {}

  /**
   * The person, or whom he was merged into. Undefined when his document is gone: the index is only told of that
   * afterwards, and a reference that outlives its person must not name him.
   */
  async find(key: PersonKey): Promise<KnownPerson | undefined> {
    return this.known.get(`${key.tenant}/${key.collection}/${key.id}`, async () => {
      const path = await this.people.path(key);
      const last = path.at(-1);
      if (last === undefined || last.mergedInto !== undefined) return undefined;
      return { id: last.id, name: last.name, rejected: new Set(path.flatMap(({ rejected = [] }) => rejected)) };
    });
  }
}
