import {
  type CollectionDocument,
  type DoneResult,
  firstAssetIn,
  type MatchJob,
  type MatchOutput,
  type ResultFace,
  type StageContext,
  withTimes,
} from '@facelane/contracts';
import {
  type AssetsRegistry,
  CachedLookup,
  type CollectionsRegistry,
  type DerivedEditor,
  type DerivedStore,
  type EventOutbox,
  type PhotoRemover,
} from '@facelane/registry';
import { type AssetEmbeddings, noEmbeddings, type Enroller, type Identifier } from '@facelane/gallery';
import { eventsOfFiled } from './match.events.js';
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
    private readonly outbox: Pick<EventOutbox, 'append'>,
  ) {}

  readonly handle = async (job: MatchJob, { signal }: StageContext): Promise<MatchOutput> => {
    const done = job.again ? undefined : await this.first(job, signal);
    // The asset has a result already: this run, or the one before it, was cut short behind it, or it failed before.
    return done ?? this.again({ ...job, again: true }, signal);
  };

  /** Undefined, and nothing is told, when the asset has a result. That is learned from the write: nothing is read first. */
  private async first(job: MatchJob, signal: AbortSignal): Promise<MatchOutput | undefined> {
    const collection = await this.collectionOf(job);
    const embeddings = await this.embeddingsOf(job, signal);
    const made = await this.work(job, collection, embeddings, undefined);
    // A result document is written last: it says that everything before it is done.
    const result = withTimes(made, undefined, new Date().toISOString());
    return (await this.assets.writeFirstResult(result)) ? this.end(job, embeddings, result) : undefined;
  }

  private async again(job: MatchJob, signal: AbortSignal): Promise<MatchOutput> {
    const collection = await this.collectionOf(job);
    const embeddings = await this.embeddingsOf(job, signal);
    const found = { isOurs: false };
    const result = await replaceResult(this.assets, job, async (previous) => {
      found.isOurs = previous?.submittedAt === job.submittedAt;
      // Before it goes: the run that left it there may have been this one, and have died before it told.
      await this.tell(job, previous);
      return this.work(job, collection, embeddings, previous);
    });
    return this.end(found.isOurs ? { ...job, quiet: true } : job, embeddings, result);
  }

  /** After the result is there. When this fails the stage does, and is tried again: then the result is found in its place. */
  private async end(job: MatchJob, embeddings: AssetEmbeddings, result: DoneResult): Promise<MatchOutput> {
    await this.tell(job, result);
    const faces = embeddings.faces.length - (embeddings.erased?.length ?? 0);
    return { assetId: job.assetId, faces, matched: matched(result.faces) };
  }

  private async tell(job: MatchJob, result: DoneResult | undefined): Promise<void> {
    await this.outbox.append(job.tenant, eventsOfFiled(job, result, new Date()));
  }

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
