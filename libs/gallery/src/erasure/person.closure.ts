import type { PersonDocument } from '@facelane/contracts';
import type { PeopleRegistry, PersonKey } from '@facelane/registry';

/**
 * The person and everybody who was merged into him, at any remove, by what either side's document says: a merge that
 * was cut short is known to one side only. Reads every person of the collection. Those merged first come first, and the
 * person himself last.
 */
export async function closureOf(
  people: PeopleRegistry,
  { tenant, collection, id }: PersonKey,
): Promise<PersonDocument[]> {
  const byId = new Map<string, PersonDocument>();
  const mergedInto = new Map<string, string[]>();
  for await (const person of people.list(tenant, collection)) {
    byId.set(person.id, person);
    if (person.mergedInto === undefined) continue;
    mergedInto.set(person.mergedInto, [...(mergedInto.get(person.mergedInto) ?? []), person.id]);
  }
  const reached = new Set([id]);
  for (const each of reached) {
    for (const other of [...(byId.get(each)?.absorbed ?? []), ...(mergedInto.get(each) ?? [])]) reached.add(other);
  }
  return [...reached].reverse().flatMap((each) => byId.get(each) ?? []);
}

/** The document without any mention of people who are erased; the document itself when it has none. */
export function withoutMentions(person: PersonDocument, erased: ReadonlySet<string>): PersonDocument {
  const absorbed = person.absorbed?.filter((id) => !erased.has(id));
  const references = person.references.filter(({ mergedFrom }) => mergedFrom === undefined || !erased.has(mergedFrom));
  const isSame =
    references.length === person.references.length && (absorbed?.length ?? 0) === (person.absorbed?.length ?? 0);
  return isSame ? person : { ...person, references, ...(absorbed !== undefined && { absorbed }) };
}
