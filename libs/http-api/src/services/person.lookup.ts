import type { PersonDocument } from '@facelane/contracts';
import type { PeopleRegistry } from '@facelane/registry';
import { ProblemError } from '../problem/problem.error.js';
import type { CollectionLookup } from './collection.lookup.js';

/** People as requests name them. */
export class PersonLookup {
  constructor(
    private readonly people: Pick<PeopleRegistry, 'find'>,
    private readonly collections: CollectionLookup,
  ) {}

  /** @throws ProblemError API.COLLECTION_MISSING, API.PERSON_MISSING */
  async require(tenant: string, collection: string, id: string): Promise<PersonDocument> {
    const person = await this.people.find({ tenant, collection, id });
    // Which of the two is missing is only asked when one is.
    if (person === undefined) await this.collections.require(tenant, collection);
    return this.present(person, collection, id);
  }

  /** @throws ProblemError API.PERSON_MERGED too. */
  async requireUnmerged(tenant: string, collection: string, id: string): Promise<PersonDocument> {
    const person = await this.require(tenant, collection, id);
    if (person.mergedInto === undefined) return person;
    throw new ProblemError('API.PERSON_MERGED', `Person ${id} was merged into ${person.mergedInto}.`);
  }

  /** A person who may have been deleted meanwhile. @throws ProblemError API.PERSON_MISSING */
  present(person: PersonDocument | undefined, collection: string, id: string): PersonDocument {
    if (person !== undefined) return person;
    throw new ProblemError('API.PERSON_MISSING', `There is no person ${id} in ${collection}.`);
  }
}
