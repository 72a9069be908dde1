import { randomUUID } from 'node:crypto';
import { keys, personIdOf, type PersonDocument, personDocumentSchema, type Reference } from '@facelane/contracts';
import { type Page, type PageOptions, readPage } from './document.page.js';
import type { DocumentStore } from './document.store.js';
import { foldedText } from './folded-text.js';

export interface PersonKey {
  readonly tenant: string;
  readonly collection: string;
  readonly id: string;
}

export interface NewPerson {
  readonly tenant: string;
  readonly collection: string;
  readonly name: string;
  /** The caller's own name for the person. The id follows from it, so there is one person of that name. */
  readonly externalId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What is absent stays; `metadata` is replaced as a whole. */
export interface PersonEdit {
  readonly name?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface PeoplePageOptions extends PageOptions {
  /** Only people whose name has this text in it, whatever its case, width and composition. Default: all. */
  readonly contains?: string | undefined;
  /** Whether people who turned out to be somebody else are listed too. Default false. */
  readonly merged?: boolean | undefined;
}

/** Documents looked at for one page. */
const SCANNED_PER_PAGE = 2_000;
/** A chain of merges is as long as somebody made it; one that is longer than this is a circle. */
const MAX_MERGES = 100;

/** Known identities and their reference faces. */
export class PeopleRegistry {
  constructor(private readonly documents: DocumentStore) {}

  async find({ tenant, collection, id }: PersonKey): Promise<PersonDocument | undefined> {
    return this.documents.read(keys.person(tenant, collection, id), personDocumentSchema);
  }

  /**
   * The person this one turned out to be, through any number of merges; himself when he was never merged. Undefined
   * when there is no such person.
   */
  async resolve(person: PersonKey): Promise<PersonDocument | undefined> {
    const last = (await this.path(person)).at(-1);
    return last?.mergedInto === undefined ? last : undefined;
  }

  /** The person, the one he was merged into, and so on to the one who was not merged, as far as they exist. */
  async path(person: PersonKey): Promise<PersonDocument[]> {
    const path: PersonDocument[] = [];
    for (let id: string | undefined = person.id; id !== undefined && path.length < MAX_MERGES;) {
      const found = await this.find({ ...person, id });
      if (found === undefined) break;
      path.push(found);
      id = found.mergedInto;
    }
    return path;
  }

  async findByExternalId(tenant: string, collection: string, externalId: string): Promise<PersonDocument | undefined> {
    return this.find({ tenant, collection, id: idOfExternal(tenant, collection, externalId) });
  }

  /** `exists`: somebody has this external id already; that person is returned and stays as he is. */
  async create(person: NewPerson): Promise<{ outcome: 'created' | 'exists'; person: PersonDocument }> {
    const { tenant, collection, name, externalId, metadata } = person;
    const id = externalId === undefined ? randomUUID() : idOfExternal(tenant, collection, externalId);
    const { created, value } = await this.documents.create(keys.person(tenant, collection, id), personDocumentSchema, {
      version: 1,
      ...{ tenant, collection, id, name },
      ...(externalId !== undefined && { externalId }),
      ...(metadata !== undefined && { metadata }),
      references: [],
      createdAt: new Date().toISOString(),
    });
    return { outcome: created ? 'created' : 'exists', person: value };
  }

  /** Undefined when there is no such person. The external id never changes, because the id follows from it. */
  async update(person: PersonKey, { name, metadata }: PersonEdit): Promise<PersonDocument | undefined> {
    return this.change(person, (current) => ({
      ...current,
      ...(name !== undefined && { name }),
      ...(metadata !== undefined && { metadata }),
    }));
  }

  /**
   * Reads, changes and writes as one step; two changes at once lose neither. `change` may run several times;
   * returning what it was given writes nothing. Undefined when there is no such person: none is made.
   */
  async change(
    { tenant, collection, id }: PersonKey,
    change: (current: PersonDocument) => PersonDocument,
  ): Promise<PersonDocument | undefined> {
    const updatedAt = new Date().toISOString();
    return this.documents.amend(keys.person(tenant, collection, id), personDocumentSchema, (current) => {
      const next = change(current);
      return next === current ? current : { ...next, updatedAt };
    });
  }

  /**
   * Adds a reference face, creating the person with the first one. The same photo again changes nothing; two
   * enrolments at once lose neither. For somebody who was merged it is added on all the way he went: the returned
   * person is the one who has it now, and whose id its point in the index bears.
   */
  async addReference(person: PersonKey & { readonly name: string }, reference: Reference): Promise<PersonDocument> {
    const { tenant, collection, id, name } = person;
    const now = new Date().toISOString();
    const added: Reference = { addedAt: now, ...reference };
    const own = await this.documents.update(keys.person(tenant, collection, id), personDocumentSchema, (current) =>
      withReference(
        current ?? { version: 1, tenant, collection, id, name, references: [], createdAt: now },
        added,
        current === undefined ? undefined : now,
      ),
    );
    return this.passOn(own, added);
  }

  /** The same for somebody who is there; nobody is made, and the answer is undefined when there is no such person. */
  async addReferenceToKnown(person: PersonKey, reference: Reference): Promise<PersonDocument | undefined> {
    const added: Reference = { addedAt: new Date().toISOString(), ...reference };
    const own = await this.change(person, (current) => withReference(current, added));
    return own && this.passOn(own, added);
  }

  /** Returns whether there was such a person. His points in the index are the caller's to remove. */
  async remove({ tenant, collection, id }: PersonKey): Promise<boolean> {
    return this.documents.remove(keys.person(tenant, collection, id));
  }

  /** Everybody, merged people too, by id. */
  list(tenant: string, collection: string): AsyncIterable<PersonDocument> {
    return this.documents.list(keys.people(tenant, collection), personDocumentSchema);
  }

  /**
   * People by id, a page at a time. Names are looked for by reading documents, a bounded number per page: a page may
   * be short, or empty, and still have a `next` to go on from.
   */
  async page(
    tenant: string,
    collection: string,
    { contains = '', merged = false, ...options }: PeoplePageOptions,
  ): Promise<Page<PersonDocument>> {
    const text = foldedText(contains);
    return readPage(this.documents, keys.people(tenant, collection), personDocumentSchema, {
      ...options,
      scan: SCANNED_PER_PAGE,
      where: (person) => (merged || person.mergedInto === undefined) && foldedText(person.name).includes(text),
    });
  }

  /** To the person that `own` was merged into, and on. Returns the last of them. */
  private async passOn(own: PersonDocument, added: Reference): Promise<PersonDocument> {
    let last = own;
    for (const next of own.mergedInto === undefined ? [] : (await this.path(own)).slice(1)) {
      const mergedFrom = last.id;
      const changed = await this.change(next, (current) => withReference(current, { ...added, mergedFrom }));
      if (changed === undefined) break;
      last = changed;
    }
    return last;
  }
}

const idOfExternal = (tenant: string, collection: string, externalId: string): string =>
  personIdOf(tenant, collection, `external:${externalId}`);

function withReference(person: PersonDocument, reference: Reference, updatedAt?: string): PersonDocument {
  if (person.references.some(({ pointId }) => pointId === reference.pointId)) return person;
  return { ...person, references: [...person.references, reference], ...(updatedAt !== undefined && { updatedAt }) };
}
