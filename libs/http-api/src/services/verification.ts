import {
  type CollectionDocument,
  type DetectedFace,
  type Decision,
  type PersonDocument,
  StageError,
  type Threshold,
} from '@facelane/contracts';
import type { EnsuredIndex, PairProbability } from '@facelane/gallery';
import type { PeopleRegistry } from '@facelane/registry';
import { cosine } from '@facelane/vision';
import { ProblemError } from '../problem/problem.error.js';
import type { VerifyFaceBody } from '../schemas/face.schema.js';
import type { PhotoInput } from '../schemas/photo.schema.js';
import type { VerifyAnswerBody, VerifyRequestBody } from '../schemas/search.schema.js';
import { type QualityView, verifyFaceView } from '../views/face.view.js';
import type { CollectionLookup } from './collection.lookup.js';
import type { Contract } from './contract.facts.js';
import type { Recognition } from './recognition.js';
import { thresholdsOf } from './thresholds.js';

/** No person has more references. */
const ALL_REFERENCES = 1000;

interface MainFace {
  readonly face: DetectedFace;
  readonly vector: Float32Array;
}

interface Bars {
  readonly thresholds: CollectionDocument['thresholds'];
  /** By whose bars findings of quality are told, and faces withheld. */
  readonly quality: QualityView;
}

/** 1:1: two photos, or a photo and a person. */
export class Verification {
  constructor(
    private readonly recognition: Recognition,
    private readonly index: EnsuredIndex,
    private readonly people: PeopleRegistry,
    private readonly lookup: CollectionLookup,
    private readonly contract: Contract,
    private readonly probability: PairProbability,
  ) {}

  async verify(tenant: string, body: VerifyRequestBody, signal: AbortSignal): Promise<VerifyAnswerBody> {
    const { a, b, person, collection, contract } = body;
    this.lookup.requireContract(contract ?? this.contract.id, 'This deployment', this.contract.id);
    if (person !== undefined && collection !== undefined) {
      return this.withPerson(tenant, collection, person, () => this.mainFace(tenant, a, 'a', signal));
    }
    if (b === undefined) throw new TypeError('The schema asks for a second photo or a person.');
    const bars = await this.barsOf(tenant, collection);
    const [first, second] = await Promise.all([
      this.mainFace(tenant, a, 'a', signal),
      this.mainFace(tenant, b, 'b', signal),
    ]);
    const similarity = cosine(first.vector, second.vector);
    const probability = await this.probability.between(this.contract.id, first.vector, second.vector);
    const [viewA, viewB] = [verifyFaceView(first.face, bars.quality), verifyFaceView(second.face, bars.quality)];
    const decided = this.decided(similarity, bars.thresholds, [viewA, viewB]);
    return { ...decided, ...saidBy(probability), a: viewA, b: viewB };
  }

  private async withPerson(
    tenant: string,
    collectionId: string,
    personId: string,
    look: () => Promise<MainFace>,
  ): Promise<VerifyAnswerBody> {
    const collection = await this.lookup.requireUsable(tenant, collectionId);
    const person = await this.requirePerson(tenant, collectionId, personId);
    const { face, vector } = await look();
    const likeness = await this.compare(collection, person.id, vector);
    if (likeness === undefined) {
      throw new ProblemError('API.NO_REFERENCE', `Person ${personId} has no reference face to compare with.`);
    }
    const { score, mean, referenceId } = likeness;
    const probability = await this.probability.withReference(collection.contract, vector, referenceId);
    const view = verifyFaceView(face, collection);
    return {
      ...this.decided(score, collection.thresholds, [view]),
      ...saidBy(probability),
      ...{ mean, a: view },
      person: { personId: person.id, name: person.name, referenceId },
    };
  }

  /** Cosines with all reference faces of a person; undefined when there is none. */
  private async compare(
    { tenant, id, contract }: CollectionDocument,
    personId: string,
    vector: Float32Array,
  ): Promise<{ score: number; mean: number; referenceId: string } | undefined> {
    const filter = { tenant, collection: id, kind: 'person', personId } as const;
    const [found = []] = await this.index.with(contract, [vector], (index) =>
      index.search(contract, [vector], filter, ALL_REFERENCES),
    );
    const [best] = found;
    if (best === undefined) return undefined;
    const mean = found.reduce((sum, { score }) => sum + score, 0) / found.length;
    return { score: best.score, mean, referenceId: best.point.id };
  }

  private async requirePerson(tenant: string, collection: string, id: string): Promise<PersonDocument> {
    const person = await this.people.find({ tenant, collection, id });
    if (person === undefined)
      throw new ProblemError('API.PERSON_MISSING', `There is no person ${id} in ${collection}.`);
    return person.mergedInto === undefined ? person : this.requirePerson(tenant, collection, person.mergedInto);
  }

  private async barsOf(tenant: string, collection: string | undefined): Promise<Bars> {
    if (collection === undefined) return { thresholds: thresholdsOf({}, this.contract), quality: {} };
    const quality = await this.lookup.requireUsable(tenant, collection);
    return { thresholds: quality.thresholds, quality };
  }

  /** The largest face, as whoever takes a portrait means it. @throws ProblemError API.NO_FACE */
  private async mainFace(tenant: string, photo: PhotoInput, name: string, signal: AbortSignal): Promise<MainFace> {
    try {
      const { faces, vectors } = await this.recognition.look(tenant, this.contract.id, photo, 'vectors', signal);
      const area = ({ box }: DetectedFace): number => box.width * box.height;
      const [face] = [...faces].sort((x, y) => area(y) - area(x));
      const vector = face && vectors[faces.indexOf(face)];
      if (face === undefined || vector === undefined)
        throw new ProblemError('API.NO_FACE', `Photo ${name} shows none.`);
      return { face, vector };
    } catch (error) {
      throw error instanceof StageError ? named(error, name) : error;
    }
  }

  /** A face that the bars withhold decides nothing; how like it is stays told, as every measure is. */
  private decided(
    similarity: number,
    { match, review }: CollectionDocument['thresholds'],
    faces: readonly VerifyFaceBody[],
  ): { similarity: number; decision: Decision; threshold: Threshold; contract: string } {
    const isWithheld = faces.some(({ withheld }) => withheld !== undefined);
    const reached = similarity >= match.cosine ? 'match' : similarity >= review.cosine ? 'review' : 'none';
    const decision = isWithheld ? 'none' : reached;
    return { similarity, decision, threshold: decision === 'match' ? match : review, contract: this.contract.id };
  }
}

const saidBy = (probability: number | undefined): { probability?: number } =>
  probability === undefined ? {} : { probability };

/** Of two photos, which. */
function named(error: StageError, name: string): StageError {
  const { retry, safeDetails } = error;
  const told = error.message.replace(/^The photo\b/, `Photo ${name}`);
  const message = told === error.message ? `Photo ${name}: ${told}` : told;
  return new StageError(error.code, message, { retry, safeDetails, cause: error });
}
