import { type PersonDocument, type Reference, StageError } from '@facelane/contracts';
import type { FacePoint } from '@facelane/face-index';
import type { CollectionsRegistry, DerivedStore, PeopleRegistry, PersonKey } from '@facelane/registry';
import type { AssetBelt } from '../asset-belt.port.js';
import { omit } from '../omit.js';
import type { GalleryPoints } from '../points/gallery.points.js';
import { absorbing, releasing, restored } from './merge.documents.js';

/**
 * Two people turned out to be one, or not to be.
 *
 * The document of the one who was merged stays, and says into whom; the other one's has his references too. Every step
 * may be done twice, and what is looked at to see whether there is something to do changes last: a merge or its undoing
 * that a crash cut short is finished by asking for it again.
 */
export class PersonMerger {
  constructor(
    private readonly collections: CollectionsRegistry,
    private readonly people: PeopleRegistry,
    private readonly derived: DerivedStore,
    private readonly points: GalleryPoints,
    private readonly belt: AssetBelt,
  ) {}

  /**
   * `from` is `into`. Undefined when `into` does not exist.
   * @throws StageError GALLERY.MERGE_REFUSED, GALLERY.PERSON_MERGED, GALLERY.PERSON_MISSING or GALLERY.TOO_MANY
   */
  async merge(into: PersonKey, from: PersonKey): Promise<PersonDocument | undefined> {
    requireTwo(into, from);
    const owner = await this.people.find(into);
    if (owner === undefined) return undefined;
    if (owner.mergedInto !== undefined) throw merged(owner);
    // First: enrolments of `from` give `into` their references from here on.
    const marked = await this.people.change(from, (current) =>
      current.mergedInto === undefined ? { ...current, mergedInto: into.id } : current,
    );
    if (marked === undefined) throw new StageError('GALLERY.PERSON_MISSING', `There is no person ${from.id}.`);
    if (marked.mergedInto !== into.id) throw merged(marked);
    try {
      return await this.absorb(into, marked);
    } catch (error) {
      // Two people who are merged into each other at once would both be gone. So neither of them is merged.
      if (error instanceof StageError && error.code.startsWith('GALLERY.')) await this.unmark(from, into);
      throw error;
    }
  }

  /**
   * `from` is himself again. Undefined when there is no `from`.
   * @throws StageError GALLERY.MERGE_REFUSED when he was not merged into `into`.
   */
  async unmerge(into: PersonKey, from: PersonKey): Promise<PersonDocument | undefined> {
    requireTwo(into, from);
    const [owner, before] = [await this.people.find(into), await this.people.find(from)];
    if (before === undefined) return undefined;
    if (before.mergedInto !== into.id) {
      throw new StageError('GALLERY.MERGE_REFUSED', `Person ${from.id} was not merged into ${into.id}.`);
    }
    if (owner?.mergedInto !== undefined) throw merged(owner);
    const own = (owner?.references ?? []).filter(({ mergedFrom }) => mergedFrom === from.id);
    const kept = await this.people.change(from, (current) => restored(current, own));
    await this.givePoints(kept?.references ?? [], into.id, from);
    const left = await this.people.change(into, (current) => releasing(current, before));
    const change = `unmerged ${from.id} ${left?.updatedAt ?? ''}`;
    // Before as well as after: a crash in between would leave faces that nobody has compared again.
    await this.compareAgain([into, from], change);
    const after = await this.unmark(from, into);
    await this.compareAgain([into, from], change);
    return after;
  }

  private async absorb(into: PersonKey, from: PersonDocument): Promise<PersonDocument> {
    const owner = await this.people.change(into, (current) => {
      if (current.mergedInto !== undefined) throw merged(current);
      return absorbing(current, from);
    });
    if (owner === undefined) throw new StageError('GALLERY.PERSON_MISSING', `There is no person ${into.id}.`);
    await this.givePoints(from.references, from.id, into);
    await this.compareAgain([into, from], `merged ${from.id} ${owner.updatedAt ?? ''}`);
    return owner;
  }

  private async unmark(from: PersonKey, into: PersonKey): Promise<PersonDocument | undefined> {
    return this.people.change(from, (current) =>
      current.mergedInto === into.id ? omit(current, 'mergedInto') : current,
    );
  }

  /** Has the references' points bear the id of `to`; what the index lost is made from the embeddings of the photo. */
  private async givePoints(references: readonly Reference[], from: string, to: PersonKey): Promise<void> {
    const { tenant, collection, id: personId } = to;
    const contract = (await this.collections.find(tenant, collection))?.contract;
    if (contract === undefined) return;
    const wanted = new Map(references.map((reference) => [reference.pointId, reference]));
    const theirs = await this.points.listWithVectors(contract, { tenant, collection, kind: 'person', personId: from });
    const moved = theirs.filter(({ id }) => wanted.has(id)).map((point) => ({ ...point, personId }));
    await this.points.write(contract, moved);
    const there = new Set((await this.points.find(contract, [...wanted.keys()])).map(({ id }) => id));
    const lost = references.filter(({ pointId }) => !there.has(pointId));
    const made: FacePoint[] = [];
    for (const { pointId, sha256, assetId, faceIndex } of lost) {
      const vector = await this.vectorOf(tenant, contract, sha256, faceIndex);
      if (vector === undefined) continue;
      made.push({ id: pointId, kind: 'person', tenant, collection, personId, assetId, faceIndex, vector });
    }
    await this.points.write(contract, made);
  }

  /** Undefined when photo and index have both lost the face: it matched nobody before, and will not now. */
  private async vectorOf(
    tenant: string,
    contract: string,
    sha256: string,
    row: number,
  ): Promise<Float32Array | undefined> {
    const { signal } = new AbortController();
    try {
      const { header, vectors } = await this.derived.readEmbeddings(tenant, contract, sha256, signal);
      return header.erased?.includes(row) === true ? undefined : vectors[row];
    } catch (error) {
      if (error instanceof StageError && error.code === 'MATCH.EMBEDDINGS_UNREADABLE') return undefined;
      throw error;
    }
  }

  private async compareAgain(people: readonly PersonKey[], change: string): Promise<void> {
    for (const { tenant, collection, id } of people) {
      const contract = (await this.collections.find(tenant, collection))?.contract;
      if (contract !== undefined) await this.belt.rebind({ tenant, collection, contract, personId: id, change });
    }
  }
}

function requireTwo(into: PersonKey, from: PersonKey): void {
  if (into.tenant !== from.tenant || into.collection !== from.collection) {
    throw new StageError('GALLERY.MERGE_REFUSED', `People ${into.id} and ${from.id} are of different collections.`);
  }
  if (into.id === from.id) throw new StageError('GALLERY.MERGE_REFUSED', `Person ${from.id} is ${into.id} already.`);
}

const merged = ({ id, mergedInto = '' }: PersonDocument): StageError =>
  new StageError('GALLERY.PERSON_MERGED', `Person ${id} was merged into ${mergedInto}.`, {
    safeDetails: { id, mergedInto },
  });
