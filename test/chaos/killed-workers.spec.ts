import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openFaceIndex, openObjectStore } from '@facelane/boot';
import { type IngestJob, keys, PIPELINE, resultDocumentSchema } from '@facelane/contracts';
import { PipelineBelt, readStatus, type StageStatus } from '@facelane/queue';
import { requireModels, startRedis, type TestRedis } from '@facelane/testing';
import { createLogger } from '@facelane/telemetry';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ChildProgram, startProgram } from '../support/child.program.js';
import { manyPhotos } from '../support/many.photos.js';
import { done, openProduct, TENANT } from '../support/product.js';

const PHOTOS = 90;
const COLLECTION = 'chaos';
const PATIENCE = { timeout: 40_000, interval: 20 };

let redis: TestRedis;
let dataDir: string;
let photos: string[];
const programs: ChildProgram[] = [];

beforeAll(async () => {
  redis = await startRedis();
  dataDir = await mkdtemp(join(tmpdir(), 'facelane-chaos-'));
  photos = await manyPhotos(await requireModels(), PHOTOS, join(dataDir, 'photos'));
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.end('SIGKILL')));
  await redis.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const settings = async (): Promise<Record<string, string>> => ({
  REDIS_URL: redis.url,
  DATA_DIR: dataDir,
  SOURCE_FILE_ROOTS: await realpath(dirname(dirname(photos[0]!))),
  INFERENCE_THREADS: '1',
  // What a killed worker held is taken up by another after this.
  QUEUE_LOCK_MS: '1000',
  // Each of them brings the API along.
  API_PORT: '0',
});

async function startWorker(): Promise<ChildProgram> {
  const program = startProgram('standalone', await settings());
  programs.push(program);
  await program.says('stages running');
  return program;
}

it('ends every asset exactly once while workers are killed and Redis restarts', async () => {
  const product = await openProduct({ redisUrl: redis.url, dataDir, env: await settings() });
  await product.collection(COLLECTION);
  const submission = { tenant: TENANT, collection: COLLECTION, contract: product.session.contract } as const;
  const jobs: IngestJob[] = product.session.prepare(
    { ...submission, lane: 'bulk' },
    photos.map((path) => ({ source: { kind: 'file', path } })),
  );
  // From here on the work is the programs' alone.
  await product.close();

  const store = openObjectStore(product.config);
  const belt = await PipelineBelt.open(PIPELINE, 'producer', { url: redis.url, onError: () => undefined });
  const resultCount = async (): Promise<number> => {
    const found = new Set<string>();
    for await (const { key } of store.list(keys.results(TENANT, COLLECTION))) found.add(key);
    return found.size;
  };
  const whenResults = (least: number): Promise<void> =>
    vi.waitFor(async () => expect(await resultCount()).toBeGreaterThanOrEqual(least), PATIENCE);
  const status = async (): Promise<StageStatus[]> => readStatus(belt.queues);
  const whenBusy = (): Promise<void> =>
    vi.waitFor(async () => expect((await status()).some(({ active }) => active > 0)).toBe(true), PATIENCE);

  const [first, second] = await Promise.all([startWorker(), startWorker()]);
  // A third at a time: who survives must not be through with all of it before the next one dies.
  await belt.queues.add('ingest', jobs.slice(0, 30));

  await whenResults(5);
  await whenBusy();
  expect(await first.end('SIGKILL')).toBe('SIGKILL');
  const third = await startWorker();
  await belt.queues.add('ingest', jobs.slice(30, 60));
  await whenResults(35);
  await whenBusy();
  await Promise.all([second.end('SIGKILL'), third.end('SIGKILL')]);
  await belt.queues.add('ingest', jobs.slice(60));
  // What the dead held is still to be done: nobody is there to do it.
  expect(await resultCount()).toBeLessThan(PHOTOS);
  const survivors = await Promise.all([startWorker(), startWorker()]);
  await whenResults(65);
  await redis.restart();
  await whenResults(PHOTOS);

  await vi.waitFor(async () => {
    for (const { waiting, active, delayed, dead } of await status()) {
      expect({ waiting, active, delayed, dead }).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 });
    }
  }, PATIENCE);
  for (const survivor of survivors) expect(await survivor.end('SIGTERM')).toBe(0);
  for (const program of programs) expect(program.stderr() + program.stdout()).not.toMatch(/^ {4}at /m);

  const pointIds: string[] = [];
  for (const { tenant, collection, assetId } of jobs) {
    const { body } = await store.get(keys.result(tenant, collection, assetId));
    const result = done(resultDocumentSchema.parse(JSON.parse(Buffer.from(body).toString('utf8'))));
    pointIds.push(...result.faces.map(({ pointId }) => pointId));
  }
  expect(await resultCount()).toBe(PHOTOS);
  expect(pointIds.length).toBeGreaterThanOrEqual(PHOTOS);

  const index = openFaceIndex(product.config, createLogger({ level: 'silent', format: 'json' }));
  const indexed: string[] = [];
  const filter = { tenant: TENANT, collection: COLLECTION } as const;
  for await (const { id } of index.scroll(submission.contract, filter)) indexed.push(id);
  expect(indexed.toSorted()).toEqual(pointIds.toSorted());

  await Promise.all([index.close(), store.close(), belt.close()]);
});
