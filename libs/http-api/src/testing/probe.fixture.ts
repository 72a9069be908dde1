import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROBES, type StageHandler } from '@facelane/contracts';
import { DEFAULT_IMAGE_LIMITS } from '@facelane/imaging';
import { InferenceEngine } from '@facelane/inference';
import { FsObjectStore } from '@facelane/object-store';
import { GuardedFetcher } from '@facelane/outbound';
import { type BeltRole, PipelineBelt, type StageTuning, type StageWorker } from '@facelane/queue';
import { PhotoAnalyser, PhotoEmbedder, ProbeHandler, SourceReader } from '@facelane/stages';
import type { TestModels } from '@facelane/testing';

type Probe = typeof PROBES.stages.probe;

/** Workers that answer probes with real models, over a folder, and the belt that brings them. */
export class ProbeWorkers {
  readonly prefix = `test-${randomUUID()}`;
  readonly handle: StageHandler<Probe>;
  private readonly workers: StageWorker<Probe>[] = [];

  private constructor(
    readonly url: string,
    readonly dir: string,
    readonly store: FsObjectStore,
    readonly engine: InferenceEngine,
    private readonly web: GuardedFetcher,
  ) {
    const analyser = new PhotoAnalyser(engine, DEFAULT_IMAGE_LIMITS);
    const sources = new SourceReader(store, web, { fileRoots: [], maxBytes: DEFAULT_IMAGE_LIMITS.maxBytes });
    const embedder = new PhotoEmbedder(analyser, engine);
    this.handle = new ProbeHandler(sources, analyser, embedder, store, DEFAULT_IMAGE_LIMITS).handle;
  }

  static async open(url: string, { contract }: TestModels): Promise<ProbeWorkers> {
    const dir = await mkdtemp(join(tmpdir(), 'facelane-probe-'));
    const engine = await InferenceEngine.start({ contract, threads: 1 });
    const store = new FsObjectStore({ root: dir, bucket: 'facelane' });
    return new ProbeWorkers(url, dir, store, engine, new GuardedFetcher());
  }

  async belt(role: BeltRole): Promise<PipelineBelt<typeof PROBES>> {
    return PipelineBelt.open(PROBES, role, { url: this.url, prefix: this.prefix, onError: () => undefined });
  }

  /** Works until `stop`. */
  start(belt: PipelineBelt<typeof PROBES>, handler = this.handle, tuning: StageTuning = {}): void {
    this.workers.push(belt.startWorker<Probe>({ stage: PROBES.stages.probe, handler, tuning }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.drain(0)));
  }

  /** Keys of everything in the store. */
  async stored(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.store.list('')) keys.push(key);
    return keys;
  }

  async close(): Promise<void> {
    await Promise.all([this.engine.close(), this.web.close(), this.store.close()]);
    await rm(this.dir, { recursive: true, force: true });
  }
}
