import { type MatchChange, type ResultDocument, type ResultFace, StageError, takingPlaceOf } from '@facelane/contracts';
import type { IndexedPoint } from '@facelane/face-index';
import type { AssetsRegistry, PeopleRegistry, PersonKey } from '@facelane/registry';
import { omit } from '../omit.js';
import type { DecisionTeller } from '../outbox/decision.teller.js';
import type { GalleryPoints } from '../points/gallery.points.js';
import type { Rematcher } from '../rematcher.js';
import { MAX_REJECTED, requireAtMost } from './merge.documents.js';
import { withoutPeople } from './result.faces.js';

/** A face by its point in the index. */
export type FaceKey = Pick<IndexedPoint, 'id' | 'tenant' | 'collection' | 'assetId'>;

/**
 * Takes down what people say of faces: this one is him, that one is not. It is written where it lasts, in the result
 * and in the person's document, shown at once, and the photo is then compared again, since its other faces may be
 * decided otherwise by it.
 */
export class FaceDecider {
  constructor(
    private readonly people: PeopleRegistry,
    private readonly assets: AssetsRegistry,
    private readonly points: GalleryPoints,
    private readonly rematcher: Rematcher,
    private readonly teller: DecisionTeller,
  ) {}

  /**
   * The face is the person, or whom he was merged into, whatever its score. Undefined when there is no such face.
   * @throws StageError GALLERY.PERSON_MISSING
   */
  async assign(face: FaceKey, personId: string): Promise<ResultFace | undefined> {
    if (!(await this.isThere(face))) return undefined;
    const person = await this.require(face, personId);
    const assignment = { personId: person.id, at: new Date().toISOString() };
    await this.people.change(person, (current) => {
      if (current.rejected?.includes(face.id) !== true) return current;
      const rejected = current.rejected.filter((id) => id !== face.id);
      return { ...omit(current, 'rejected'), ...(rejected.length > 0 && { rejected }) };
    });
    return this.decide(face, 'assigned', (current) => ({
      ...omit(current, 'displacedBy'),
      decision: 'match',
      personId: person.id,
      assignment,
    }));
  }

  /**
   * The face is not the person, whatever its score, until it is assigned. Undefined when there is no such face.
   * @throws StageError GALLERY.PERSON_MISSING or GALLERY.TOO_MANY
   */
  async reject(face: FaceKey, personId: string): Promise<ResultFace | undefined> {
    if (!(await this.isThere(face))) return undefined;
    const person = await this.require(face, personId);
    await this.people.change(person, (current) => {
      if (current.rejected?.includes(face.id) === true) return current;
      const rejected = [...(current.rejected ?? []), face.id];
      requireAtMost(MAX_REJECTED, rejected.length, 'rejected faces', current);
      return { ...current, rejected };
    });
    const path = await this.people.path({ ...person, id: personId });
    const ids = new Set([person.id, ...path.map(({ id }) => id), ...(person.absorbed ?? [])]);
    return this.decide(face, 'rejected', (current) => withoutPeople(current, ids));
  }

  private async require(
    { tenant, collection }: FaceKey,
    id: string,
  ): Promise<PersonKey & { readonly absorbed?: string[] | undefined }> {
    const person = await this.people.resolve({ tenant, collection, id });
    if (person !== undefined) return person;
    throw new StageError('GALLERY.PERSON_MISSING', `There is no person ${id} in ${collection}.`);
  }

  private async isThere({ id, tenant, collection, assetId }: FaceKey): Promise<boolean> {
    const result = assetId === undefined ? undefined : await this.assets.findResult({ tenant, collection, assetId });
    return facesOf(result).some(({ pointId }) => pointId === id);
  }

  private async decide(
    face: FaceKey,
    reason: MatchChange,
    change: (current: ResultFace) => ResultFace,
  ): Promise<ResultFace | undefined> {
    const { id, tenant, collection, assetId } = face;
    if (assetId === undefined) return undefined;
    const key = { tenant, collection, assetId };
    const result = await this.teller.told(key, (now) =>
      this.assets.changeResult(key, (current) => {
        if (current.state !== 'done') return current;
        const faces = current.faces.map((each) => (each.pointId === id ? change(each) : each));
        return takingPlaceOf({ ...current, faces }, current, { reason, now });
      }),
    );
    const decided = facesOf(result).find(({ pointId }) => pointId === id);
    if (result === undefined || decided === undefined) return undefined;
    await this.points.redecide(result.contract, key, [decided]);
    await this.rematcher.rematch([key]);
    return decided;
  }
}

const facesOf = (result: ResultDocument | undefined): readonly ResultFace[] =>
  result?.state === 'done' ? result.faces : [];
