import { type RuntimeOptions, startApp } from '@facelane/boot';
import {
  type AnyStageName,
  type CollectionDocument,
  type IngestJob,
  PIPELINE,
  type ResultFace,
  StageError,
} from '@facelane/contracts';
import { FaceIndex } from '@facelane/face-index';
import { InferenceEngine } from '@facelane/inference';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, CollectionsRegistry, DocumentStore, IntakeRegistry, PeopleRegistry } from '@facelane/registry';
import { type EmbeddedPhoto, PhotoEmbedder } from '@facelane/stages';
import { Identifier } from '@facelane/gallery';
import {
  AssetSubmitter,
  type BatchOptions,
  processBatch,
  resumeAssets,
  resumeIntake,
  type Submission,
  type SubmittedPhoto,
} from '@facelane/submission';
import type { INestApplicationContext } from '@nestjs/common';
import { SESSION_STAGES, WorkerModule } from '../nest/worker.module.js';

/**
 * The whole product in this process, for the command line, the benchmark and tests: workers of every stage, and the
 * calls that a user's program would make of them.
 */
export class FacelaneSession {
  readonly store: ObjectStore;
  readonly index: FaceIndex;
  readonly belt: PipelineBelt<typeof PIPELINE>;
  readonly engine: InferenceEngine;
  readonly collections: CollectionsRegistry;
  readonly people: PeopleRegistry;
  readonly assets: AssetsRegistry;
  private readonly intakes: IntakeRegistry;
  private readonly embedder: PhotoEmbedder;
  private readonly identifier: Identifier;
  private readonly submitter: AssetSubmitter;

  private constructor(private readonly app: INestApplicationContext) {
    this.store = app.get(ObjectStore);
    this.index = app.get(FaceIndex);
    this.belt = app.get<PipelineBelt<typeof PIPELINE>>(PipelineBelt);
    this.engine = app.get(InferenceEngine);
    this.collections = app.get(CollectionsRegistry);
    this.people = app.get(PeopleRegistry);
    this.assets = app.get(AssetsRegistry);
    this.intakes = new IntakeRegistry(app.get(DocumentStore));
    this.embedder = app.get(PhotoEmbedder);
    this.identifier = app.get(Identifier);
    this.submitter = new AssetSubmitter(this.belt.queues);
  }

  static async open(
    options: RuntimeOptions,
    stages: readonly AnyStageName[] = SESSION_STAGES,
  ): Promise<FacelaneSession> {
    const app = await startApp(WorkerModule.forStages(stages), options);
    try {
      const session = new FacelaneSession(app);
      // So that searches and counts of an index that nobody has written to have an answer.
      await session.index.ensureContract(session.engine.contract);
      return session;
    } catch (error) {
      await app.close();
      throw error;
    }
  }

  /** The model contract that this process runs. */
  get contract(): string {
    return this.engine.contract.id;
  }

  /** The collection, created with the contract's own thresholds (match at FMR 1e-4, review at 1e-3) if need be. */
  async ensureCollection(tenant: string, id: string): Promise<CollectionDocument> {
    return this.collections.ensure({
      tenant,
      id,
      contract: this.contract,
      thresholds: { match: this.threshold('1e-4'), review: this.threshold('1e-3') },
    });
  }

  prepare(submission: Submission, photos: readonly SubmittedPhoto[]): IngestJob[] {
    return this.submitter.prepare(submission, photos);
  }

  /** Sends prepared photos through the pipeline and waits for their results. */
  async process(jobs: readonly IngestJob[], options?: BatchOptions): Promise<void> {
    const { belt, submitter, assets } = this;
    await processBatch({ belt, submitter, assets }, jobs, options);
  }

  /**
   * Puts every asset without a result back on the belt, as after the loss of Redis; those that are on it are left
   * alone. Returns how many assets had no result. Photos that were never ingested are known when the API accepted
   * them; others must be submitted again.
   */
  async resume(tenant: string, collection: string, signal?: AbortSignal): Promise<number> {
    const scope = { tenant, collection };
    const begun = await resumeAssets(this.assets, this.submitter, scope, signal);
    return begun + (await resumeIntake(this.intakes, this.assets, this.submitter, scope, signal));
  }

  /** Finds and embeds the faces of a photo; nothing is stored. @throws StageError naming `subject`. */
  async embed(bytes: Uint8Array, subject: string, signal?: AbortSignal): Promise<EmbeddedPhoto> {
    return this.embedder.embed(bytes, subject, { signal });
  }

  /** Who is in the photo, for every face in it; nothing is stored. */
  async recognise(bytes: Uint8Array, subject: string, collection: CollectionDocument): Promise<ResultFace[]> {
    const { tenant, id, contract } = collection;
    const embedded = await this.embed(bytes, subject);
    // The asset does not exist: its id only serves to tell the faces of one answer apart.
    const asset = { tenant, collection: id, contract, assetId: '00000000-0000-5000-8000-000000000000' };
    return this.identifier.recognise(asset, collection, embedded);
  }

  /** Hands back or finishes what is in flight, then lets go of everything. */
  async close(): Promise<void> {
    await this.app.close();
  }

  /** The contract's cosine at a false match rate such as `1e-4`. */
  threshold(fmr: string): { cosine: number; fmr: number } {
    const cosine = this.engine.contract.thresholds[fmr];
    if (cosine === undefined) {
      throw new StageError(
        'INFERENCE.CONTRACT_MISMATCH',
        `Contract ${this.contract} states no threshold at FMR ${fmr}.`,
      );
    }
    return { cosine, fmr: Number(fmr) };
  }
}
