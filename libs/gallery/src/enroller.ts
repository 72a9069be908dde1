import { type Enrolment, type Intent, type MatchJob, referencePointIdOf } from '@facelane/contracts';
import { chooseReferenceFace } from '@facelane/identity';
import type { PeopleRegistry } from '@facelane/registry';
import type { AssetEmbeddings } from './asset.embeddings.js';
import type { EnsuredIndex } from './ensured.index.js';

/** Takes the one face of an enrolment photo as a reference of a person, or says why not. */
export class Enroller {
  constructor(
    private readonly index: EnsuredIndex,
    private readonly people: PeopleRegistry,
  ) {}

  async enrol(
    job: MatchJob,
    { personId, name }: Extract<Intent, { kind: 'enrol' }>,
    { faces, vectors }: AssetEmbeddings,
  ): Promise<Enrolment> {
    const choice = chooseReferenceFace(faces);
    if (choice.outcome === 'refused') return { ...choice, personId };
    const { tenant, collection, contract, assetId } = job;
    const { sha256 } = job.photo;
    const { index: faceIndex, quality } = choice.face;
    const pointId = referencePointIdOf(tenant, personId, contract, sha256);
    // The registry is the book and comes first: a reference without its point can be made again, the other way
    // round would match a person who does not exist.
    await this.people.addReference(
      { tenant, collection, id: personId, name },
      { pointId, assetId, sha256, faceIndex, contract, quality },
    );
    const vector = vectors[faceIndex]!;
    const point = { id: pointId, kind: 'person', tenant, collection, personId, assetId, faceIndex, vector } as const;
    await this.index.with(contract, [vector], (index) => index.upsert(contract, [point]));
    return { outcome: 'accepted', personId, referenceId: pointId, faceIndex };
  }
}
