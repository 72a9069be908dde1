import {
  type Candidate,
  type CollectionDocument,
  facePointIdOf,
  type MatchJob,
  type ResultFace,
} from '@facelane/contracts';
import type { FacePoint } from '@facelane/face-index';
import { bestPerPerson, decide, type PersonScore } from '@facelane/identity';
import { CachedLookup, type PeopleRegistry } from '@facelane/registry';
import type { AssetEmbeddings } from './asset.embeddings.js';
import type { EnsuredIndex } from './ensured.index.js';

/** Persons reported per face. */
const CANDIDATES = 5;
/** Reference faces asked for: enough that five persons remain when the nearest have ten references each. */
const NEAREST_REFERENCES = 50;

type AssetOf = Pick<MatchJob, 'tenant' | 'collection' | 'assetId' | 'contract'>;

/** 1:N: who the faces of an asset are, and the index points that make them searchable. */
export class Identifier {
  private readonly names = new CachedLookup<string | undefined>();

  constructor(
    private readonly index: EnsuredIndex,
    private readonly people: PeopleRegistry,
  ) {}

  /** Searches without writing anything: the same decisions that `identify` would store. */
  async recognise(
    asset: AssetOf,
    collection: CollectionDocument,
    { faces, vectors }: AssetEmbeddings,
  ): Promise<ResultFace[]> {
    if (faces.length === 0) return [];
    const { tenant, contract, assetId } = asset;
    const filter = { tenant, collection: collection.id, kind: 'person' } as const;
    const nearest = await this.index.with(contract, vectors, (index) =>
      index.search(contract, vectors, filter, NEAREST_REFERENCES),
    );
    return Promise.all(
      faces.map(async (face, i) => {
        const persons = bestPerPerson(nearest[i] ?? []);
        return {
          ...face,
          pointId: facePointIdOf(tenant, assetId, contract, face.index),
          candidates: await this.withNames(collection, persons.slice(0, CANDIDATES)),
          ...decide(persons, collection.thresholds),
        };
      }),
    );
  }

  async identify(asset: AssetOf, collection: CollectionDocument, embeddings: AssetEmbeddings): Promise<ResultFace[]> {
    const faces = await this.recognise(asset, collection, embeddings);
    if (faces.length > 0) {
      const points = faces.map((face, i) => pointOf(asset, face, embeddings.vectors[i]!));
      await this.index.with(asset.contract, embeddings.vectors, (index) => index.upsert(asset.contract, points));
    }
    return faces;
  }

  private async withNames(collection: CollectionDocument, persons: readonly PersonScore[]): Promise<Candidate[]> {
    const named = await Promise.all(
      persons.map(async (person) => {
        const { personId: id } = person;
        const name = await this.names.get(`${collection.tenant}/${collection.id}/${id}`, async () => {
          const document = await this.people.find({ tenant: collection.tenant, collection: collection.id, id });
          return document?.name;
        });
        return { ...person, name: name ?? id };
      }),
    );
    return named;
  }
}

function pointOf({ tenant, collection, assetId }: AssetOf, face: ResultFace, vector: Float32Array): FacePoint {
  const score = face.candidates[0]?.score;
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
