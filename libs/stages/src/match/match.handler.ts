import {
  type CollectionDocument,
  type DoneResult,
  type MatchJob,
  type MatchOutput,
  type ResultFace,
  type StageContext,
} from '@facelane/contracts';
import { type AssetsRegistry, CachedLookup, type CollectionsRegistry, type DerivedStore } from '@facelane/registry';
import { type AssetEmbeddings, noEmbeddings, type Enroller, type Identifier } from '@facelane/gallery';

/** Compares the vectors with the enrolled persons, decides, and writes the result document and the index points. */
export class MatchHandler {
  readonly stage = 'match';
  private readonly collections = new CachedLookup<CollectionDocument>();

  constructor(
    private readonly derived: DerivedStore,
    private readonly registry: CollectionsRegistry,
    private readonly assets: AssetsRegistry,
    private readonly identifier: Identifier,
    private readonly enroller: Enroller,
  ) {}

  readonly handle = async (job: MatchJob, { signal }: StageContext): Promise<MatchOutput> => {
    const { tenant, collection: id, contract, intent } = job;
    const collection = await this.collections.get(`${tenant}/${id}/${contract}`, () =>
      this.registry.require(tenant, id, contract),
    );
    const embeddings = await this.embeddingsOf(job, signal);
    const found = {
      version: 1,
      state: 'done',
      tenant,
      collection: id,
      assetId: job.assetId,
      contract,
      submittedAt: job.submittedAt,
      photo: job.photo,
      droppedFaces: embeddings.droppedFaces,
      ...duplicateOf(job, embeddings),
    } as const;
    const result: DoneResult =
      intent.kind === 'enrol'
        ? { ...found, faces: [], enrolment: await this.enroller.enrol(job, intent, embeddings) }
        : { ...found, faces: await this.identifier.identify(job, collection, embeddings) };
    // Last: a result document says that everything before it is done.
    await this.assets.writeResult(result);
    return { assetId: job.assetId, faces: embeddings.faces.length, matched: matched(result.faces) };
  };

  private async embeddingsOf(job: MatchJob, signal: AbortSignal): Promise<AssetEmbeddings> {
    if (job.faces === 0) return noEmbeddings;
    const { header, vectors } = await this.derived.readEmbeddings(job.tenant, job.contract, job.photo.sha256, signal);
    return { ...header, vectors };
  }
}

/** The first asset with these bytes in the same collection, when it is another one. */
function duplicateOf(job: MatchJob, { assetId, collection }: AssetEmbeddings): { duplicateOf?: string } {
  const another = assetId !== undefined && assetId !== job.assetId && collection === job.collection;
  return another ? { duplicateOf: assetId } : {};
}

const matched = (faces: readonly ResultFace[]): number => faces.filter(({ decision }) => decision === 'match').length;
