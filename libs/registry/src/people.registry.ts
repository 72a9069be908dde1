import { keys, type PersonDocument, personDocumentSchema, type Reference } from '@facelane/contracts';
import type { DocumentStore } from './document.store.js';

export interface PersonKey {
  readonly tenant: string;
  readonly collection: string;
  readonly id: string;
}

/** Known identities and their reference faces. */
export class PeopleRegistry {
  constructor(private readonly documents: DocumentStore) {}

  async find({ tenant, collection, id }: PersonKey): Promise<PersonDocument | undefined> {
    return this.documents.read(keys.person(tenant, collection, id), personDocumentSchema);
  }

  /**
   * Adds a reference face, creating the person with the first one. The same photo again changes nothing; two
   * enrolments at once lose neither.
   */
  async addReference(person: PersonKey & { readonly name: string }, reference: Reference): Promise<PersonDocument> {
    const { tenant, collection, id, name } = person;
    return this.documents.update(
      keys.person(tenant, collection, id),
      personDocumentSchema,
      (current): PersonDocument => {
        if (current === undefined) {
          return {
            version: 1,
            tenant,
            collection,
            id,
            name,
            references: [reference],
            createdAt: new Date().toISOString(),
          };
        }
        const known = current.references.some(({ pointId }) => pointId === reference.pointId);
        return known ? current : { ...current, references: [...current.references, reference] };
      },
    );
  }

  list(tenant: string, collection: string): AsyncIterable<PersonDocument> {
    return this.documents.list(keys.people(tenant, collection), personDocumentSchema);
  }
}
