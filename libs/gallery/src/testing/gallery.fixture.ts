import { randomUUID } from 'node:crypto';
import {
  type CollectionDocument,
  type Enrolment,
  type Intent,
  type MatchJob,
  type PersonDocument,
  personIdOf,
} from '@facelane/contracts';
import type { PersonKey } from '@facelane/registry';
import { openStores, type TestStores } from '../../../stages/src/testing/open-stores.js';
import { COLLECTION, COLLECTION_DOCUMENT, face, matchJob, TENANT } from '../../../stages/src/testing/stage.samples.js';
import type { PersonChange } from '../asset-belt.port.js';
import type { AssetEmbeddings } from '../asset.embeddings.js';
import { Enroller, type IsSuppressed } from '../enroller.js';
import { EnsuredIndex } from '../ensured.index.js';
import { Identifier } from '../identifier.js';

type EnrolIntent = Extract<Intent, { kind: 'enrol' }>;

/** Faces of 100 pixels, or as given; vectors of unit length. */
export const embeddingsOf = (vectors: readonly Float32Array[], sides: readonly number[] = []): AssetEmbeddings => ({
  faces: vectors.map((_, i) => face(i, sides[i] ?? 100)),
  vectors,
  droppedFaces: 0,
});

export const keyOf = (name: string): PersonKey => ({
  tenant: TENANT,
  collection: COLLECTION,
  id: personIdOf(TENANT, COLLECTION, name),
});

/** Identifier and enroller over a real index and a real store. */
export class TestGallery {
  readonly index: EnsuredIndex;
  readonly identifier: Identifier;
  /** What the enroller asked to have compared again. */
  readonly rebinds: PersonChange[] = [];

  private constructor(readonly stores: TestStores) {
    this.index = new EnsuredIndex(stores.index);
    this.identifier = new Identifier(this.index, stores.people);
  }

  static async open(): Promise<TestGallery> {
    return new TestGallery(await openStores('fs'));
  }

  enroller(isSuppressed?: IsSuppressed, people = this.stores.people): Enroller {
    const belt = { rebind: (change: PersonChange) => Promise.resolve(void this.rebinds.push(change)) };
    return new Enroller(this.index, people, belt, this.stores.outbox, isSuppressed);
  }

  /** Takes the face as a reference of the person of that name. */
  async enrol(
    name: string,
    vector: Float32Array,
    {
      intent = {},
      photo = randomUUID(),
      collection = { ...COLLECTION_DOCUMENT, quality: 'off' },
      side = 100,
      enroller = this.enroller(),
    }: {
      readonly intent?: Partial<EnrolIntent>;
      /** Equal texts are equal photos. */
      readonly photo?: string;
      /** Default: one that takes anything. */
      readonly collection?: CollectionDocument;
      /** Of the face's box, pixels. */
      readonly side?: number;
      readonly enroller?: Enroller;
    } = {},
  ): Promise<Enrolment> {
    const whole: EnrolIntent = { kind: 'enrol', personId: keyOf(name).id, name, ...intent };
    return enroller.enrol(enrolJob(whole, photo), whole, embeddingsOf([vector], [side]), collection);
  }

  person(name: string): Promise<PersonDocument | undefined> {
    return this.stores.people.find(keyOf(name));
  }

  /** As a merge leaves it: the document of the one says who he is, his references stay in the index under his old id. */
  async merge(from: string, into: string): Promise<void> {
    await this.stores.people.change(keyOf(from), (person) => ({ ...person, mergedInto: keyOf(into).id }));
  }

  async reject(name: string, pointId: string): Promise<void> {
    await this.stores.people.change(keyOf(name), (person) => ({ ...person, rejected: [pointId] }));
  }

  close(): Promise<void> {
    return this.stores.close();
  }
}

function enrolJob(intent: EnrolIntent, photo: string): MatchJob {
  const job = matchJob(1, { intent });
  const sha256 = Buffer.from(photo).toString('hex').padEnd(64, '0').slice(0, 64);
  return { ...job, photo: { ...job.photo, sha256 } };
}
