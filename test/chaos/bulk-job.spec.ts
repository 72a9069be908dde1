import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LeaseExclusion } from '@facelane/boot';
import { BulkJobsRegistry } from '@facelane/bulk';
import { type BulkJobDocument, keys, type LedgerEntry, ledgerEntrySchema, PIPELINE } from '@facelane/contracts';
import { findContract, modelContractId } from '@facelane/models';
import { S3ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { CollectionsRegistry, DocumentStore } from '@facelane/registry';
import {
  requireModels,
  type S3Server,
  startRedis,
  startS3Server,
  type TestModels,
  type TestRedis,
} from '@facelane/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ChildProgram, startProgram } from '../support/child.program.js';
import { putManyPhotos } from '../support/bulk.photos.js';
import { s3Settings, TENANT } from '../support/product.js';

const PHOTOS = 1_000;
const COLLECTION = 'chaos';
const PATIENCE = { timeout: 150_000, interval: 50 };

let redis: TestRedis;
let s3: S3Server;
let models: TestModels;
let dir: string;
let store: S3ObjectStore;
let belt: PipelineBelt<typeof PIPELINE>;
let jobs: BulkJobsRegistry;
let contract: string;
const programs: ChildProgram[] = [];

beforeAll(async () => {
  [redis, s3, models, dir] = await Promise.all([
    startRedis(),
    startS3Server(),
    requireModels(),
    mkdtemp(join(tmpdir(), 'facelane-bulk-')),
  ]);
  contract = modelContractId(findContract(models.manifest), models.manifest);
  store = new S3ObjectStore(s3);
  belt = await PipelineBelt.open(PIPELINE, 'worker', { url: redis.url, onError: () => undefined });
  const documents = new DocumentStore(store, new LeaseExclusion(belt.lease));
  jobs = new BulkJobsRegistry(documents, store);
  const thresholds = { match: { cosine: 0.4, fmr: 1e-4 }, review: { cosine: 0.3, fmr: 1e-3 } };
  await new CollectionsRegistry(documents).ensure({ tenant: TENANT, id: COLLECTION, contract, thresholds });
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.end('SIGKILL')));
  await belt.close();
  await store.close();
  await s3.stop();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(app: string, says: string): Promise<ChildProgram> {
  const program = startProgram(app, {
    ...s3Settings(s3),
    REDIS_URL: redis.url,
    DATA_DIR: dir,
    API_SOURCE_BUCKETS: s3.bucket,
    INFERENCE_THREADS: '1',
    // What a killed worker held is taken up by another after this.
    QUEUE_LOCK_MS: '1000',
  });
  programs.push(program);
  await program.says(says);
  return program;
}

/** One program per stage; `standalone` would bring another feeder along. */
const startWorker = (): Promise<ChildProgram[]> =>
  Promise.all(PIPELINE.order.map((stage) => start(stage, 'stages running')));

const endAll = (ended: readonly ChildProgram[], signal: NodeJS.Signals): Promise<(number | string)[]> =>
  Promise.all(ended.map((program) => program.end(signal)));

/** Every photo once, and among them what goes wrong: line by line as `expected` says it must end. */
function manifestOf(photos: readonly string[]): {
  readonly text: string;
  readonly expected: ReadonlyMap<number, string>;
} {
  const lines: string[] = [];
  const expected = new Map<number, string>();
  const add = (line: string, end: string): void => void expected.set(lines.push(line), end);
  for (const [at, key] of photos.entries()) {
    add(JSON.stringify({ bucket: s3.bucket, key, externalId: `photo-${at}` }), 'worked on');
    if (at % 50 === 10) add('{"key": ', 'manifest');
    if (at % 50 === 20) add(JSON.stringify({ bucket: s3.bucket, key: `missing/${at}.jpg` }), 'INGEST.SOURCE_MISSING');
    if (at % 50 === 30) add(JSON.stringify({ bucket: s3.bucket, key: photos[at - 30] }), `line of ${photos[at - 30]!}`);
  }
  return { text: `${lines.join('\n')}\n`, expected };
}

it('accounts for every line of a manifest once while the feeder and the worker are killed again and again', async () => {
  const photos = await putManyPhotos(models, store, 'incoming/', PHOTOS);
  const { text, expected } = manifestOf(photos);
  await store.put('incoming/manifest.jsonl', new TextEncoder().encode(text), { contentType: 'application/x-ndjson' });
  const job: BulkJobDocument = {
    ...{ version: 1, tenant: TENANT, id: randomUUID(), collection: COLLECTION, contract, wish: 'run' },
    source: { kind: 'manifest', bucket: s3.bucket, key: 'incoming/manifest.jsonl' },
    options: { onlyNew: false, weight: 1, window: 100, notify: 'none' },
    createdAt: new Date().toISOString(),
  };

  const resultCount = async (): Promise<number> => {
    let count = 0;
    for await (const { size } of store.list(keys.results(TENANT, COLLECTION))) if (size > 0) count += 1;
    return count;
  };
  const whenResults = (least: number): Promise<void> =>
    vi.waitFor(async () => expect(await resultCount()).toBeGreaterThanOrEqual(least), PATIENCE);

  let worker = await startWorker();
  let feeder = await start('feeder', 'waiting for bulk jobs');
  await jobs.create(job);
  for (const [share, who] of [
    [0.1, 'feeder'],
    [0.25, 'worker'],
    [0.4, 'both'],
    [0.6, 'feeder'],
    [0.8, 'worker'],
  ] as const) {
    await whenResults(share * PHOTOS);
    if (who !== 'feeder') {
      expect(await endAll(worker, 'SIGKILL')).toEqual(worker.map(() => 'SIGKILL'));
      worker = await startWorker();
    }
    if (who !== 'worker') {
      expect(await feeder.end('SIGKILL')).toBe('SIGKILL');
      feeder = await start('feeder', 'waiting for bulk jobs');
    }
  }
  await vi.waitFor(async () => expect((await jobs.findProgress(job))?.state).toBe('completed'), PATIENCE);

  const { accounted, counts } = (await jobs.findProgress(job))!;
  expect(accounted).toBe(expected.size);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(expected.size);

  const results = gunzipSync((await store.get(keys.bulkResults(TENANT, job.id))).body)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => ledgerEntrySchema.parse(JSON.parse(line)));
  expect(results.map(({ line }) => line)).toEqual([...expected.keys()]);
  const byLine = new Map(results.map((entry) => [entry.line, entry]));
  for (const [line, end] of expected) expect([line, endOf(byLine, byLine.get(line)!)]).toEqual([line, end]);
  expect(results.filter(({ faces = [] }) => faces.length > 0).length).toBeGreaterThan(PHOTOS / 10);

  expect(await feeder.end('SIGTERM')).toBe(0);
  expect(await endAll(worker, 'SIGTERM')).toEqual(worker.map(() => 0));
  for (const program of programs) expect(program.stderr() + program.stdout()).not.toMatch(/^ {4}at /m);
}, 400_000);

function endOf(entries: ReadonlyMap<number, LedgerEntry>, { outcome, failure, duplicateOf }: LedgerEntry): string {
  const first = duplicateOf?.line === undefined ? undefined : entries.get(duplicateOf.line);
  if (first !== undefined) return `line of ${first.item.slice(`s3://${s3.bucket}/`.length)}`;
  switch (outcome) {
    case 'done':
    case 'no_faces':
    case 'duplicate':
      return 'worked on';
    case 'failed':
      return failure?.stage === 'manifest' ? 'manifest' : failure!.code;
    case 'cancelled':
      return outcome;
  }
}
