import { type PersonDocument, StageError } from '@facelane/contracts';
import type { CollectionsRegistry, PeopleRegistry, PersonKey } from '@facelane/registry';
import type { AssetBelt } from '../asset-belt.port.js';
import type { GalleryPoints } from '../points/gallery.points.js';
import type { AssetRemover } from '../removal/asset.remover.js';
import type { ReferenceRemover } from './reference.remover.js';

/**
 * Removes people, and reference faces of people, with the photos they were taken from. Faces in other photos lose the
 * person when they are compared again, soon but later; whoever must be gone at once is erased.
 */
export class PersonRemover {
  constructor(
    private readonly collections: CollectionsRegistry,
    private readonly people: PeopleRegistry,
    private readonly points: GalleryPoints,
    private readonly references: ReferenceRemover,
    private readonly assets: AssetRemover,
    private readonly belt: AssetBelt,
  ) {}

  /**
   * Removes the person, those merged into him, and their enrolment photos. Idempotent; the person's own document goes
   * last. Resolves to whether there was such a person.
   * @throws StageError GALLERY.PERSON_MERGED for one who is somebody else by now.
   */
  async remove(person: PersonKey): Promise<boolean> {
    const document = await this.people.find(person);
    if (document?.mergedInto !== undefined) {
      throw new StageError('GALLERY.PERSON_MERGED', `Person ${person.id} was merged into ${document.mergedInto}.`);
    }
    const everybody = document === undefined ? [] : await this.withAbsorbed(document);
    const ids = document === undefined ? [person.id] : everybody.map(({ id }) => id);
    for (const id of ids) await this.removePoints({ ...person, id });
    const photos = new Set(everybody.flatMap(({ references }) => references.map(({ assetId }) => assetId)));
    const { tenant, collection } = person;
    for (const assetId of photos) {
      await this.assets.remove({ tenant, collection, assetId }, { keepReferences: true });
    }
    // Before as well as after: a crash in between would leave faces that nobody has compared again.
    await this.compareAgain(person, ids);
    for (const each of everybody.reverse()) await this.people.remove(each);
    await this.compareAgain(person, ids);
    return document !== undefined;
  }

  /** Removes the reference, its point and the photo it was taken from. Undefined when there is no such person. */
  async removeReference(person: PersonKey, pointId: string): Promise<PersonDocument | undefined> {
    const document = await this.people.find(person);
    const reference = document?.references.find((each) => each.pointId === pointId);
    if (document === undefined || reference === undefined) return document;
    const { tenant, collection } = person;
    const { assetId, contract } = reference;
    await this.assets.remove({ tenant, collection, assetId }, { keepReferences: true });
    // Last, so that what a crash leaves of the photo is found through it.
    const origin = await this.references.originOf(document, pointId);
    const { owner } = await this.references.drop(origin ?? document, (each) => each.pointId === pointId);
    if (owner !== undefined) {
      await this.belt.rebind({ tenant, collection, contract, personId: owner, change: `without ${pointId}` });
    }
    return this.people.find(person);
  }

  /** The person first, then those merged into him, then those merged into them. */
  private async withAbsorbed(person: PersonDocument): Promise<PersonDocument[]> {
    const found = new Map([[person.id, person]]);
    for (const each of found.values()) {
      for (const id of each.absorbed ?? []) {
        const absorbed = found.has(id) ? undefined : await this.people.find({ ...person, id });
        if (absorbed !== undefined) found.set(id, absorbed);
      }
    }
    return [...found.values()];
  }

  private async removePoints({ tenant, collection, id }: PersonKey): Promise<void> {
    const contract = (await this.collections.find(tenant, collection))?.contract;
    if (contract !== undefined)
      await this.points.remove(contract, { tenant, collection, kind: 'person', personId: id });
  }

  private async compareAgain({ tenant, collection }: PersonKey, ids: readonly string[]): Promise<void> {
    const contract = (await this.collections.find(tenant, collection))?.contract;
    if (contract === undefined) return;
    for (const personId of ids) {
      await this.belt.rebind({ tenant, collection, contract, personId, change: 'removed' });
    }
  }
}
