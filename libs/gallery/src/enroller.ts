import {
  type CollectionDocument,
  type Enrolment,
  eventOfEnrolment,
  type Intent,
  type MatchJob,
  type PersonDocument,
  type Reference,
  referencePointIdOf,
} from '@facelane/contracts';
import { checkLikeness, chooseReferenceFace, enrolmentBars, type Refusal } from '@facelane/identity';
import type { EventOutbox, PeopleRegistry } from '@facelane/registry';
import { type AssetEmbeddings, type EmbeddedFace, presentFaces } from './asset.embeddings.js';
import type { AssetBelt } from './asset-belt.port.js';
import type { EnsuredIndex } from './ensured.index.js';
import { LikenessSearch } from './likeness.search.js';

/** As many as a document of a person holds. */
const MAX_REFERENCES = 1000;

/** By so much the clocks of whoever submits and whoever enrols may be apart, milliseconds. */
const CLOCKS_MS = 3_600_000;

/** Whether the person, or this very photo, was erased with a guard against coming back. */
export type IsSuppressed = (
  tenant: string,
  collection: string,
  subject: { readonly personId: string; readonly sha256: string },
) => Promise<boolean>;

type EnrolIntent = Extract<Intent, { kind: 'enrol' }>;

/** Takes the one face of an enrolment photo as a reference of a person, or says why not. */
export class Enroller {
  private readonly likeness: LikenessSearch;

  constructor(
    private readonly index: EnsuredIndex,
    private readonly people: PeopleRegistry,
    private readonly belt: Pick<AssetBelt, 'rebind'>,
    private readonly outbox: Pick<EventOutbox, 'append'>,
    private readonly isSuppressed: IsSuppressed = () => Promise.resolve(false),
  ) {
    this.likeness = new LikenessSearch(index, people);
  }

  /**
   * Whoever was merged gets the reference as the person he was merged into. A photo that is a reference of the person
   * already stays one, whatever the bars are by now.
   */
  async enrol(
    job: MatchJob,
    intent: EnrolIntent,
    embeddings: AssetEmbeddings,
    collection: CollectionDocument,
  ): Promise<Enrolment> {
    const { tenant, contract } = job;
    const { sha256 } = job.photo;
    const { personId } = intent;
    const refused = (refusal: Omit<Refusal, 'outcome'>): Enrolment => ({ outcome: 'refused', personId, ...refusal });
    if (await this.isSuppressed(tenant, job.collection, { personId, sha256 })) {
      return refused({ reason: 'suppressed', measured: 1, bar: 0 });
    }
    const path = await this.people.path({ tenant, collection: job.collection, id: personId });
    const owner = path.at(-1);
    if (owner === undefined ? intent.existing : owner.mergedInto !== undefined) return refused(MISSING);
    const faces = presentFaces(embeddings);
    const known = owner?.references.find((each) => each.sha256 === sha256 && each.contract === contract);
    const knownFace = known && faces.find(({ face }) => face.index === known.faceIndex);
    if (owner && known && knownFace) return this.publish(job, owner, known, knownFace.vector);
    const choice = await this.choose(job, intent, faces, collection, owner);
    if (choice.outcome === 'refused') return { ...choice, personId };
    const { index: faceIndex, quality } = choice.face;
    const pointId = referencePointIdOf(tenant, personId, contract, sha256);
    const reference = { pointId, assetId: job.assetId, sha256, faceIndex, contract, quality };
    return this.take(job, intent, reference, choice.vector);
  }

  private async choose(
    { tenant, contract }: MatchJob,
    intent: EnrolIntent,
    faces: readonly EmbeddedFace[],
    collection: CollectionDocument,
    owner: PersonDocument | undefined,
  ): Promise<Refusal | ({ readonly outcome: 'accepted' } & EmbeddedFace)> {
    const bars = enrolmentBars(intent.quality ?? collection.quality, collection.qualityBars);
    const choice = chooseReferenceFace(
      faces.map(({ face }) => face),
      bars,
    );
    if (choice.outcome === 'refused') return choice;
    const count = owner?.references.length ?? 0;
    if (count >= MAX_REFERENCES) {
      return { outcome: 'refused', reason: 'too_many_references', measured: count + 1, bar: MAX_REFERENCES };
    }
    const chosen = faces.find(({ face }) => face === choice.face)!;
    if (!bars.likeness) return { outcome: 'accepted', ...chosen };
    const scope = { tenant, collection: collection.id, contract };
    const likeness = await this.likeness.of(chosen.vector, owner?.id, scope, collection.thresholds.match.cosine);
    return checkLikeness(likeness, collection.thresholds) ?? { outcome: 'accepted', ...chosen };
  }

  private async take(
    job: MatchJob,
    { personId, name, existing }: EnrolIntent,
    reference: Reference,
    vector: Float32Array,
  ): Promise<Enrolment> {
    // The registry is the book and comes first: a reference without its point can be made again, the other way
    // round would match a person who does not exist.
    const person = { tenant: job.tenant, collection: job.collection, id: personId, name };
    const owner =
      existing === true
        ? await this.people.addReferenceToKnown(person, reference)
        : await this.people.addReference(person, reference);
    // Deleted while the photo was looked at.
    if (owner === undefined) return { outcome: 'refused', personId, ...MISSING };
    return this.publish(job, owner, reference, vector);
  }

  private async publish(
    { tenant, collection, contract, submittedAt }: MatchJob,
    owner: PersonDocument,
    { pointId, assetId, faceIndex }: Reference,
    vector: Float32Array,
  ): Promise<Enrolment> {
    const personId = owner.id;
    const of = { tenant, collection, personId, assetId, faceIndex } as const;
    await this.index.with(contract, [vector], (index) =>
      index.upsert(contract, [{ id: pointId, kind: 'person', ...of, vector }]),
    );
    // Last: faces that were nobody's until now are searched for with this point. The same photo again asks for it again,
    // since it may be the retry of a run that died before it could.
    await this.belt.rebind({ tenant, collection, contract, personId, change: pointId });
    await this.tell(owner, pointId, submittedAt);
    return { outcome: 'accepted', personId, referenceId: pointId, faceIndex };
  }

  /**
   * As the reference lies in the person's document, so that a retry tells the same. A photo that was a reference before
   * it was submitted is told of no more.
   */
  private async tell(owner: PersonDocument, pointId: string, submittedAt: string): Promise<void> {
    const stored = owner.references.find((each) => each.pointId === pointId);
    if (stored === undefined) return;
    const isNew = Date.parse(stored.addedAt ?? '') >= Date.parse(submittedAt) - CLOCKS_MS;
    if (isNew) await this.outbox.append(owner.tenant, [eventOfEnrolment(owner, stored)]);
  }
}

const MISSING = { reason: 'person_missing', measured: 0, bar: 1 } as const;
