import { randomUUID } from 'node:crypto';
import { LeaseExclusion, LogEventOutbox } from '@facelane/boot';
import {
  type BulkJobDocument,
  type BulkProgressDocument,
  definePipeline,
  defineStage,
  type IngestJob,
  type LedgerEntry,
  PIPELINE,
  StageError,
} from '@facelane/contracts';
import { FailureTeller } from '@facelane/gallery';
import type { ObjectStore } from '@facelane/object-store';
import { PipelineBelt, type StageWorker } from '@facelane/queue';
import { AssetsRegistry, DocumentStore, type Exclusion, OutboxMarks } from '@facelane/registry';
import { FailureRecorder } from '@facelane/stages';
import { AssetSubmitter, SharedEvents } from '@facelane/submission';
import { z } from 'zod';
import { LocalExclusion } from '../../../registry/src/testing/document-stores.js';
import type { FeederDependencies } from '../feeder/feeder.dependencies.js';
import { JobControl } from '../feeder/job.control.js';
import { JobRunner, type RunEnd } from '../feeder/job.runner.js';
import { Ledger } from '../ledger/ledger.js';
import { SegmentWriter } from '../ledger/segment.writer.js';
import { BulkJobsRegistry } from '../registry/bulk-jobs.registry.js';
import { assetOf, type ItemName, jobOf, readItems, resultOf, withoutPerson } from './bulk.samples.js';

/** The queue of ingest with nothing behind it: its worker writes results at once. */
const ONE_STAGE = definePipeline({
  ingest: defineStage({ ...PIPELINE.stages.ingest, lockMs: 2_000, output: z.strictObject({}), next: null }),
});

/** Everything around a feeder, on a store and a Redis of the test's. */
export class BulkBench {
  readonly prefix = `test-${randomUUID()}`;
  /** Items of each job, by its id; what a job without any is to read fails. */
  readonly items = new Map<string, readonly ItemName[]>();
  /** Runs of the worker, by key. */
  readonly runs = new Map<string, number>();
  /** Tenants of those runs, in their order. */
  readonly order: string[] = [];
  /** Collections in which the worker recognises nobody any more. */
  readonly erased = new Set<string>();
  /** Runs of the worker that have not ended. */
  readonly underWay = new Set<Promise<void>>();
  private readonly belts: PipelineBelt<typeof ONE_STAGE>[] = [];
  private readonly workers: StageWorker<never>[] = [];

  constructor(
    readonly store: ObjectStore,
    private readonly redisUrl: string,
  ) {}

  /** As one feeder process has it: connections of its own, and this store. */
  async dependencies(store = this.store): Promise<FeederDependencies> {
    const own = await this.openBelt();
    // The same names of stages and queues; the feeder asks for no more of the table.
    const belt = own as unknown as PipelineBelt<typeof PIPELINE>;
    return {
      ...onStore(store, new LeaseExclusion(belt.lease)),
      submitter: new AssetSubmitter(belt.queues),
      belt,
      outbox: new LogEventOutbox(belt.eventLog),
      events: new SharedEvents(belt),
      openSource: (job, cursor) => readItems(this.items.get(job.id) ?? [], cursor),
    };
  }

  /** A worker that ends every item at once, or after `delayMs`. */
  async startWorker({ concurrency = 8, delayMs = 0 } = {}): Promise<{ drain(): Promise<void> }> {
    const belt = await this.openBelt();
    const documents = new DocumentStore(this.store, new LeaseExclusion(belt.lease));
    const assets = new AssetsRegistry(documents);
    const failures = new FailureRecorder(
      assets,
      new FailureTeller(assets, new OutboxMarks(documents), new LogEventOutbox(belt.eventLog)),
    );
    const worker = belt.startWorker({
      stage: belt.pipeline.stages.ingest,
      handler: async (job) => {
        const run = this.work(job, assets, delayMs);
        this.underWay.add(run);
        await run.finally(() => this.underWay.delete(run));
        return {};
      },
      onDeadLetter: async (letter) => {
        await failures.record(letter);
      },
      tuning: { concurrency },
    });
    await worker.ready();
    this.workers.push(worker as unknown as StageWorker<never>);
    return { drain: () => worker.drain(0) };
  }

  /** Makes a job of these items. */
  async job(items: readonly ItemName[], more: Partial<BulkJobDocument> = {}): Promise<BulkJobDocument> {
    const { jobs } = await this.shared();
    const job = jobOf(more);
    this.items.set(job.id, items);
    await jobs.create(job);
    return job;
  }

  /** Runs the job as a feeder that has just taken its lease. */
  async run(
    { tenant, id }: BulkJobDocument,
    {
      control = new JobControl(),
      signal = new AbortController().signal,
      settleMs = 10_000,
      quietMs = 300,
      dependencies,
    }: RunOptions = {},
  ): Promise<RunEnd> {
    const own = dependencies ?? (await this.shared());
    const [job, progress] = await Promise.all([own.jobs.find({ tenant, id }), own.jobs.findProgress({ tenant, id })]);
    const held = { job: job!, progress: progress!, fence: progress!.fence + 1 };
    return new JobRunner(own, held, control, { settleMs, quietMs }).run(signal);
  }

  async progress(job: BulkJobDocument): Promise<BulkProgressDocument> {
    return (await (await this.shared()).jobs.findProgress(job))!;
  }

  async entries(job: BulkJobDocument): Promise<LedgerEntry[]> {
    const { ledger } = await this.shared();
    const entries: LedgerEntry[] = [];
    for await (const entry of ledger.entries(job, (await this.progress(job)).accounted)) entries.push(entry);
    return entries;
  }

  private sharedOnes: Promise<FeederDependencies> | undefined;
  async shared(): Promise<FeederDependencies> {
    return (this.sharedOnes ??= this.dependencies());
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.drain(0)));
    await Promise.all(this.belts.map((belt) => belt.close()));
  }

  private async work(job: IngestJob, assets: AssetsRegistry, delayMs: number): Promise<void> {
    const key = job.source.kind === 'object' ? job.source.key : '';
    this.runs.set(key, (this.runs.get(key) ?? 0) + 1);
    this.order.push(job.tenant);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (key.startsWith('bad')) throw new StageError('INGEST.NOT_AN_IMAGE', `${key} is no photo.`);
    await assets.writeAsset(assetOf(job));
    const result = resultOf(job, key);
    await assets.writeResult(this.erased.has(job.collection) ? withoutPerson(result) : result);
  }

  private async openBelt(): Promise<PipelineBelt<typeof ONE_STAGE>> {
    const belt = await PipelineBelt.open(ONE_STAGE, 'worker', {
      url: this.redisUrl,
      prefix: this.prefix,
      onError: () => undefined,
    });
    this.belts.push(belt);
    return belt;
  }
}

/** What a feeder has that keeps something. */
export function onStore(
  store: ObjectStore,
  exclusion: Exclusion = new LocalExclusion(),
): Pick<FeederDependencies, 'store' | 'documents' | 'jobs' | 'ledger' | 'segments'> & { assets: AssetsRegistry } {
  const documents = new DocumentStore(store, exclusion);
  return {
    ...{ store, documents, jobs: new BulkJobsRegistry(documents, store), assets: new AssetsRegistry(documents) },
    ...{ ledger: new Ledger(store), segments: new SegmentWriter(store, exclusion) },
  };
}

export interface RunOptions {
  readonly control?: JobControl;
  readonly signal?: AbortSignal;
  readonly settleMs?: number;
  readonly quietMs?: number;
  readonly dependencies?: FeederDependencies;
}
