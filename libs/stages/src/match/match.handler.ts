import {
  type CollectionDocument,
  type DoneResult,
  type MatchJob,
  type MatchOutput,
  type ResultFace,
  type StageContext,
} from '@facelane/contracts';
import {
  type AssetsRegistry,
  CachedLookup,
  type CollectionsRegistry,
  type DerivedStore,
  type PhotoRemover,
} from '@facelane/registry';
import { type AssetEmbeddings, noEmbeddings, type Enroller, type Identifier } from '@facelane/gallery';
import { assignmentsOf, replaceResult } from './previous.result.js';

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
    private readonly photos: Pick<PhotoRemover, 'release'>,
  ) {}

  readonly handle = async (job: MatchJob, { signal }: StageContext): Promise<MatchOutput> => {
    const collection = await this.collectionOf(job);
    const embeddings = await this.embeddingsOf(job, signal);
    // A result document is written last: it says that everything before it is done.
    const result = job.again
      ? await replaceResult(this.assets, job, (previous) => this.work(job, collection, embeddings, previous))
      : await this.work(job, collection, embeddings, undefined);
    if (!job.again) await this.assets.writeResult(result);
    const faces = embeddings.faces.length - (embeddings.erased?.length ?? 0);
    return { assetId: job.assetId, faces, matched: matched(result.faces) };
  };

  private async work(
    job: MatchJob,
    collection: CollectionDocument,
    embeddings: AssetEmbeddings,
    previous: DoneResult | undefined,
  ): Promise<DoneResult> {
    const { tenant, collection: id, assetId, contract, submittedAt, photo, intent, again } = job;
    await this.releasePhotoOf(previous, job);
    const erased = embeddings.erased?.length ?? 0;
    const found = {
      version: 1,
      state: 'done',
      tenant,
      collection: id,
      assetId,
      contract,
      submittedAt,
      photo,
      droppedFaces: embeddings.droppedFaces,
      ...(erased > 0 && { erasedFaces: erased }),
      ...duplicateOf(job, embeddings),
    } as const;
    if (intent.kind === 'enrol') {
      // It may have been submitted to be identified before.
      if (again) await this.identifier.removePointsBut(job);
      return { ...found, faces: [], enrolment: await this.enroller.enrol(job, intent, embeddings, collection) };
    }
    const assignments = assignmentsOf(previous, photo);
    return { ...found, faces: await this.identifier.identify(job, collection, embeddings, { again, assignments }) };
  }

  /**
   * Another photo lies at the asset's source by now; nothing but the result knows which one was there before, so that
   * one goes before the result does. A reference face keeps its photo: its vector is made from it again.
   */
  private async releasePhotoOf(previous: DoneResult | undefined, job: MatchJob): Promise<void> {
    if (previous === undefined || previous.photo.sha256 === job.photo.sha256) return;
    if (previous.enrolment?.outcome === 'accepted') return;
    const { tenant, collection, assetId } = job;
    await this.photos.release(tenant, previous.photo.sha256, { collection, assetId });
  }

  /** What is asked again may be asked because the thresholds were changed a moment ago. */
  private async collectionOf({ tenant, collection: id, contract, again }: MatchJob): Promise<CollectionDocument> {
    const read = (): Promise<CollectionDocument> => this.registry.require(tenant, id, contract);
    return again ? read() : this.collections.get(`${tenant}/${id}/${contract}`, read);
  }

  private async embeddingsOf(job: MatchJob, signal: AbortSignal): Promise<AssetEmbeddings> {
    if (job.faces === 0) return noEmbeddings;
    const { tenant, contract, assetId, photo, again = false } = job;
    // Faces may have been erased since they were embedded.
    const handed = again ? {} : { handedTo: assetId };
    const { header, vectors } = await this.derived.readEmbeddings(tenant, contract, photo.sha256, signal, handed);
    return { ...header, vectors };
  }
}

/** The first asset with these bytes in the same collection, when it is another one. */
function duplicateOf(job: MatchJob, { assetId, collection }: AssetEmbeddings): { duplicateOf?: string } {
  const another = assetId !== undefined && assetId !== job.assetId && collection === job.collection;
  return another ? { duplicateOf: assetId } : {};
}

const matched = (faces: readonly ResultFace[]): number => faces.filter(({ decision }) => decision === 'match').length;
