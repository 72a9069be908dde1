import {
  type CollectionDocument,
  type DoneResult,
  firstAssetIn,
  type MatchJob,
  type MatchOutput,
  type ResultFace,
  type StageContext,
} from '@facelane/contracts';
import {
  type AssetsRegistry,
  CachedLookup,
  type CollectionsRegistry,
  type DerivedEditor,
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
    private readonly firsts: Pick<DerivedEditor, 'first'>,
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
      ...(await this.duplicateOf(job, embeddings)),
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

  /**
   * The first asset with these bytes in the same collection, when it is another one. The embeddings name it; where they
   * were made for another collection, the first asset that comes here is entered in them.
   */
  private async duplicateOf(job: MatchJob, embeddings: AssetEmbeddings): Promise<{ duplicateOf?: string }> {
    const { tenant, contract, collection, assetId, photo } = job;
    if (embeddings.assetId === undefined || embeddings.collection === undefined) return {};
    const header = { ...embeddings, assetId: embeddings.assetId, collection: embeddings.collection };
    const first =
      firstAssetIn(header, collection) ??
      (await this.firsts.first(tenant, contract, photo.sha256, { collection, assetId }));
    return first === undefined || first === assetId ? {} : { duplicateOf: first };
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

const matched = (faces: readonly ResultFace[]): number => faces.filter(({ decision }) => decision === 'match').length;
