import {
  type Candidate,
  type CollectionDocument,
  facePointIdOf,
  type MatchJob,
  type ResultFace,
  type Withheld,
} from '@facelane/contracts';
import type { FacePoint } from '@facelane/face-index';
import { decidePhoto, withheldBy } from '@facelane/identity';
import type { PeopleRegistry } from '@facelane/registry';
import { type AssetEmbeddings, presentFaces } from './asset.embeddings.js';
import {
  CandidateSearch,
  type CandidatesWanted,
  type NamedScore,
  type SearchedFace,
  type SearchScope,
} from './candidate.search.js';
import type { EnsuredIndex } from './ensured.index.js';
import { CandidateRanking } from './candidate.ranking.js';
import type { PairComparer } from './pair-comparer.port.js';
import { PersonLookup } from './person.lookup.js';
import { meansOf } from './reference.means.js';

/** Persons reported per face, when nothing else is asked for and at most. */
const CANDIDATES = 5;
const MOST_CANDIDATES = 100;

type AssetOf = Pick<MatchJob, 'tenant' | 'collection' | 'assetId' | 'contract'>;

/** Who somebody said a face is, by the id of its index point. */
export type Assignments = ReadonlyMap<string, NonNullable<ResultFace['assignment']>>;

export interface RecogniseOptions {
  /** Persons reported per face, 1 to 100. Default 5. */
  readonly limit?: number | undefined;
  /** Whether a person may be one face of the photo only. Default: as the collection says, which is yes by default. */
  readonly onePersonPerPhoto?: boolean | undefined;
  /** Whether each candidate gets the mean over all his references too. Default false: it takes a search per person. */
  readonly withMeans?: boolean | undefined;
}

/** `mean`: cosine with all reference faces of the person on average, -1..1; `score` is that of the best. */
export type RecognisedCandidate = Candidate & { readonly mean?: number };
export type RecognisedFace = Omit<ResultFace, 'candidates'> & { readonly candidates: RecognisedCandidate[] };

export interface IdentifyOptions {
  /**
   * The asset was identified before: people are read now instead of being known for up to 5 s, since a change of one is
   * why this is asked again, and points of faces that the asset no longer has are removed. Default false.
   */
  readonly again?: boolean | undefined;
  /** Default: none. One whose person is gone is dropped. */
  readonly assignments?: Assignments;
}

interface Question {
  readonly asset: AssetOf;
  readonly collection: CollectionDocument;
  readonly embeddings: AssetEmbeddings;
  readonly limit: number;
  readonly onePersonPerPhoto: boolean | undefined;
  readonly people: PersonLookup;
  readonly assignments: Assignments;
}

interface Decided {
  readonly face: ResultFace;
  readonly vector: Float32Array;
  /** Cosine with the person decided on; absent when a stated person does not resemble the face at all. */
  readonly score: number | undefined;
}

/** 1:N: who the faces of an asset are, and the index points that make them searchable. */
export class Identifier {
  private readonly candidates: CandidateSearch;
  private readonly ranking: CandidateRanking;
  private readonly lookup: PersonLookup;

  constructor(
    private readonly index: EnsuredIndex,
    private readonly people: PeopleRegistry,
    /** Absent: candidates stand in the order of their cosine. */
    comparer?: PairComparer,
  ) {
    this.candidates = new CandidateSearch(index);
    this.ranking = new CandidateRanking(index, comparer);
    this.lookup = new PersonLookup(people);
  }

  /**
   * Searches without writing anything: the same decisions that `identify` would store. For a photo that is no asset any
   * asset id serves; it only tells the faces of the answer apart. Without people in the index nobody is found.
   * @throws RangeError for a limit out of range.
   */
  async recognise(
    asset: AssetOf,
    collection: CollectionDocument,
    embeddings: AssetEmbeddings,
    { limit = CANDIDATES, onePersonPerPhoto = collection.onePersonPerPhoto, withMeans = false }: RecogniseOptions = {},
  ): Promise<RecognisedFace[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_CANDIDATES) {
      throw new RangeError(`The number of candidates is ${limit}; it is a whole number from 1 to ${MOST_CANDIDATES}.`);
    }
    const question = { asset, collection, embeddings, limit, onePersonPerPhoto };
    const decided = await this.decide({ ...question, people: this.lookup, assignments: new Map() });
    if (!withMeans) return decided.map(({ face }) => face);
    const wanted = decided.map(({ face, vector }) => ({
      vector,
      personIds: face.candidates.map(({ personId }) => personId),
    }));
    const means = await meansOf(this.index, asset, wanted);
    return decided.map(({ face }, row) => ({
      ...face,
      candidates: face.candidates.map((candidate) => {
        const mean = means[row]?.get(candidate.personId);
        return mean === undefined ? candidate : { ...candidate, mean };
      }),
    }));
  }

  /**
   * Decides and writes the points of the faces; erased faces have neither. A face below the collection's bars of quality
   * says so in `withheld`: it is not compared, and below those of storing has no point.
   */
  async identify(
    asset: AssetOf,
    collection: CollectionDocument,
    embeddings: AssetEmbeddings,
    { again = false, assignments = new Map() }: IdentifyOptions = {},
  ): Promise<ResultFace[]> {
    const people = again ? new PersonLookup(this.people) : this.lookup;
    const { onePersonPerPhoto } = collection;
    const question = { asset, collection, embeddings, limit: CANDIDATES, onePersonPerPhoto };
    const decided = await this.decide({ ...question, people, assignments });
    const stored = decided.filter(({ face }) => face.withheld?.from !== 'store');
    const points = stored.map((each) => pointOf(asset, each));
    if (points.length > 0) {
      const vectors = stored.map(({ vector }) => vector);
      await this.index.with(asset.contract, vectors, (index) => index.upsert(asset.contract, points));
    }
    if (again) await this.removePointsBut(asset, new Set(points.map(({ id }) => id)));
    return decided.map(({ face }) => face);
  }

  /** By face; none for those that are not compared. */
  private async candidatesOf(
    scope: SearchScope,
    faces: readonly (SearchedFace & { readonly withheld: Withheld | undefined })[],
    people: PersonLookup,
    wanted: CandidatesWanted,
  ): Promise<NamedScore[][]> {
    const compared = faces.filter(({ withheld }) => withheld === undefined);
    const nearest = await this.candidates.find(scope, compared, people, wanted);
    const found = await this.ranking.rank(scope, compared, nearest, wanted.bar);
    const byFace = new Map(compared.map((face, at) => [face, found[at]!]));
    return faces.map((face) => byFace.get(face) ?? []);
  }

  /** Removes the points of the asset's faces, all but those named. Reference faces taken from it are no concern here. */
  async removePointsBut(
    { tenant, collection, contract, assetId }: AssetOf,
    kept: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    await this.index.ifReady(async (index) => {
      const left: string[] = [];
      for await (const { id } of index.scroll(contract, { tenant, collection, kind: 'face', assetId })) {
        if (!kept.has(id)) left.push(id);
      }
      if (left.length > 0) await index.deleteByIds(contract, left);
    });
  }

  private async decide({
    asset: { tenant, contract, assetId },
    collection: { id, thresholds, qualityBars },
    embeddings,
    limit,
    onePersonPerPhoto,
    people,
    assignments,
  }: Question): Promise<Decided[]> {
    const faces = presentFaces(embeddings).map(({ face, vector }) => {
      const pointId = facePointIdOf(tenant, assetId, contract, face.index);
      const withheld = withheldBy(face, qualityBars);
      return { face, vector, pointId, assignment: assignments.get(pointId), withheld };
    });
    const scope = { tenant, collection: id, contract };
    const wanted = { limit, bar: thresholds.review.cosine };
    const [found, stated] = await Promise.all([
      this.candidatesOf(scope, faces, people, wanted),
      Promise.all(
        faces.map(async ({ assignment }) => assignment && people.find({ ...scope, id: assignment.personId })),
      ),
    ]);
    const toDecide = faces.map(({ face: { index } }, i) => {
      const person = stated[i];
      return { index, candidates: found[i]!, ...(person && { stated: person.id }) };
    });
    return decidePhoto(toDecide, thresholds, onePersonPerPhoto).map((decision, i): Decided => {
      const { face, vector, pointId, assignment, withheld } = faces[i]!;
      const candidates = found[i]!;
      return {
        face: {
          ...face,
          pointId,
          candidates: candidates.slice(0, limit),
          ...decision,
          ...(assignment && stated[i] && { assignment }),
          ...(withheld && { withheld }),
        },
        vector,
        score: candidates.find(({ personId }) => personId === decision.personId)?.score,
      };
    });
  }
}

function pointOf({ tenant, collection, assetId }: AssetOf, { face, vector, score }: Decided): FacePoint {
  return {
    id: face.pointId,
    kind: 'face',
    tenant,
    collection,
    assetId,
    faceIndex: face.index,
    vector,
    decision: face.decision,
    ...(face.personId !== undefined && { personId: face.personId }),
    ...(face.personId !== undefined && score !== undefined && { score }),
  };
}
