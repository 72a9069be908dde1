import { callBase, type CallBase, type CallOptions, type Connection } from '../connection.js';
import {
  createPerson,
  deletePerson,
  deleteReference,
  enrolFaces,
  getPerson,
  getReceipt,
  listPeople,
  listReferences,
  mergePeople,
  unmergePeople,
  updatePerson,
} from '../generated/sdk.gen.js';
import type {
  DeletePersonData,
  EnrolAnswer,
  EnrolRequest,
  ListPeopleData,
  NewPerson,
  Person,
  PersonChanges,
  Receipt,
  Reference,
  RemovedPerson,
} from '../generated/types.gen.js';
import { type Listing, listing } from '../listing.js';
import { photoBody } from '../photo.body.js';
import type { PhotoBytes } from '../photo.input.js';

/** Photos of one person: bytes of all of them, or places of all of them. */
export type EnrolInput = Omit<EnrolRequest, 'photos'> & {
  readonly photos: readonly PhotoBytes[] | EnrolRequest['photos'];
};

/** People of a collection, and the faces by which they are known. */
export class PersonOperations {
  constructor(private readonly connection: Connection) {}

  create(collection: string, person: NewPerson, options?: CallOptions): Promise<Person> {
    return createPerson({ ...callBase(this.connection, options), path: { collection }, body: person });
  }

  get(collection: string, person: string, options?: CallOptions): Promise<Person> {
    return getPerson(this.of(collection, person, options));
  }

  /** By id; `name` and `externalId` search. */
  list(collection: string, query: NonNullable<ListPeopleData['query']> = {}, options?: CallOptions): Listing<Person> {
    return listing((cursor) =>
      listPeople({
        ...callBase(this.connection, options),
        path: { collection },
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  update(collection: string, person: string, changes: PersonChanges, options?: CallOptions): Promise<Person> {
    return updatePerson({ ...this.of(collection, person, options), body: changes });
  }

  /** Deletes a person; with `erase: 'all'` everything about the person, with a receipt. */
  delete(
    collection: string,
    person: string,
    how: NonNullable<DeletePersonData['query']> = {},
    options?: CallOptions,
  ): Promise<RemovedPerson> {
    return deletePerson({ ...this.of(collection, person, options), query: how });
  }

  /** What was removed from where by an erasure, and when. */
  receipt(receipt: string, options?: CallOptions): Promise<Receipt> {
    return getReceipt({ ...callBase(this.connection, options), path: { receipt } });
  }

  /** Makes reference faces of photos. Every photo is answered for itself: accepted, or refused with a reason. */
  async enrol(collection: string, person: string, input: EnrolInput, options?: CallOptions): Promise<EnrolAnswer> {
    return enrolFaces({ ...this.of(collection, person, options), ...(await photoBody({ ...input })) });
  }

  /** The reference faces of a person. */
  references(collection: string, person: string, options?: CallOptions): Listing<Reference> {
    return listing(() => listReferences(this.of(collection, person, options)));
  }

  deleteReference(collection: string, person: string, reference: string, options?: CallOptions): Promise<Person> {
    return deleteReference({
      ...callBase(this.connection, options),
      path: { collection, person, reference },
    });
  }

  /** `other` turned out to be `person`, and is absorbed. Can be undone. */
  merge(collection: string, person: string, other: string, options?: CallOptions): Promise<Person> {
    return mergePeople({ ...this.of(collection, person, options), body: { person: other } });
  }

  /** Undoes a merge, and answers with the person that was absorbed. */
  unmerge(collection: string, person: string, other: string, options?: CallOptions): Promise<Person> {
    return unmergePeople({ ...this.of(collection, person, options), body: { person: other } });
  }

  private of(
    collection: string,
    person: string,
    options: CallOptions | undefined,
  ): CallBase & { path: { collection: string; person: string } } {
    return { ...callBase(this.connection, options), path: { collection, person } };
  }
}
