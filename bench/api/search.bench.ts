import { DEFAULT_IMAGE_LIMITS } from '@facelane/imaging';
import { InferenceEngine } from '@facelane/inference';
import { PhotoAnalyser, PhotoEmbedder } from '@facelane/stages';
import type { TestModels } from '@facelane/testing';
import { percentile } from '../statistics.js';
import { fillGallery } from '../fill-gallery.js';
import { startMeasured } from '../measured.program.js';
import { BenchCaller } from '../bench.caller.js';

const KEY = 'a-key-for-this-benchmark-only';
const ROUNDS = 10;
const PER_ROUND = 20;
const AT_ONCE = 200;

export interface SearchFigures {
  readonly people: number;
  /** Decode, detect and embed of the photo, nothing else, milliseconds. */
  readonly bare: { readonly p50: number; readonly p95: number };
  /** One search at a time, by HTTP. */
  readonly single: { readonly p50: number; readonly p95: number };
  /** Of `atOnce` searches that were sent together. */
  readonly crowd: { readonly p50: number; readonly p95: number; readonly failed: number; readonly wallMs: number };
  readonly atOnce: number;
}

/** Searches of a one-face photo against a gallery, beside the bare work of the models on the same photo. */
export async function measureSearch(
  models: TestModels,
  photos: readonly Uint8Array[],
  { dataDir, people }: { readonly dataDir: string; readonly people: number },
): Promise<SearchFigures> {
  const engine = await InferenceEngine.start({ contract: models.contract });
  const embedder = new PhotoEmbedder(new PhotoAnalyser(engine, DEFAULT_IMAGE_LIMITS), engine);
  const photo = await photoWithOneFace(embedder, photos);
  const { id: contract, dimension } = engine.contract;
  const standalone = await startMeasured('standalone', { DATA_DIR: dataDir, API_PORT: '0', API_ADMIN_KEY: KEY });
  const caller = new BenchCaller(standalone.address, KEY);
  await caller.json('POST', '/v1/collections', { id: 'bench' });
  await fillGallery({ dataDir, tenant: 'default', collection: 'bench', contract, dimension }, people);
  const search = (): Promise<unknown> => caller.form('/v1/collections/bench/search', 'image', photo, {});
  const bareWork = (): Promise<unknown> => embedder.embed(photo, 'the photo');
  try {
    const bare: number[] = [];
    const single: number[] = [];
    for (let i = 0; i < 10; i += 1) await Promise.all([search(), bareWork()]);
    // Turn by turn, so that both meet the same noise of the machine.
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(...(await timesOf(bareWork, PER_ROUND)));
      single.push(...(await timesOf(search, PER_ROUND)));
    }
    return { people, bare: spread(bare), single: spread(single), crowd: await crowd(search), atOnce: AT_ONCE };
  } finally {
    await standalone.stop();
    await engine.close();
  }
}

async function photoWithOneFace(embedder: PhotoEmbedder, photos: readonly Uint8Array[]): Promise<Uint8Array> {
  for (const photo of photos) if ((await embedder.embed(photo, 'a photo')).faces.length === 1) return photo;
  throw new Error('None of the cut-outs shows exactly one face.');
}

async function timesOf(work: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) times.push(await timeOf(work));
  return times;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function crowd(search: () => Promise<unknown>): Promise<SearchFigures['crowd']> {
  const started = performance.now();
  const settled = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => timeOf(search)));
  const wallMs = performance.now() - started;
  const times = settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  return { ...spread(times), failed: AT_ONCE - times.length, wallMs };
}

const spread = (times: readonly number[]): { p50: number; p95: number } => ({
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
});
