import type { PersonDocument, Reference } from '@facelane/contracts';
import type { PeopleRegistry, PersonKey } from '@facelane/registry';
import type { GalleryPoints } from '../points/gallery.points.js';

/** Takes reference faces away from a person. */
export class ReferenceRemover {
  constructor(
    private readonly people: PeopleRegistry,
    private readonly points: GalleryPoints,
  ) {}

  /**
   * Removes the points first, then the references of the person and of everybody on the way he was merged: what a crash
   * leaves can be asked for again. `owner` is the id of the one whose faces are to be compared again; absent when he
   * is gone.
   */
  async drop(
    person: PersonKey,
    which: (reference: Reference) => boolean,
  ): Promise<{ readonly count: number; readonly owner?: string }> {
    const path = await this.people.path(person);
    const dropped = new Map(
      path.flatMap(({ references }) => references.filter(which).map((each) => [each.pointId, each] as const)),
    );
    for (const [contract, ids] of byContract([...dropped.values()])) await this.points.removeByIds(contract, ids);
    for (const each of path) {
      await this.people.change(each, (current) => {
        const left = current.references.filter((reference) => !dropped.has(reference.pointId));
        return left.length === current.references.length ? current : { ...current, references: left };
      });
    }
    const owner = path.at(-1);
    return { count: dropped.size, ...(owner && owner.mergedInto === undefined && { owner: owner.id }) };
  }

  /** References of the person that were taken from the asset. */
  async takenFrom(person: PersonKey, assetId: string): Promise<Reference[]> {
    const document = await this.people.find(person);
    return (document?.references ?? []).filter((reference) => reference.assetId === assetId);
  }

  /** Who the reference was enrolled for, before any merge. Undefined when the person has no such reference. */
  async originOf(person: PersonDocument, pointId: string): Promise<PersonDocument | undefined> {
    const reference = person.references.find((each) => each.pointId === pointId);
    if (reference?.mergedFrom === undefined) return reference && person;
    const before = await this.people.find({ ...person, id: reference.mergedFrom });
    return (before && (await this.originOf(before, pointId))) ?? person;
  }
}

function byContract(references: readonly Reference[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { contract, pointId } of references) ids.set(contract, [...(ids.get(contract) ?? []), pointId]);
  return ids;
}
