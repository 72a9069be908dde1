import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BulkJobDocument } from '@facelane/contracts';
import { FsObjectStore } from '@facelane/object-store';
import { createLogger } from '@facelane/telemetry';
import { startRedis, type TestRedis } from '@facelane/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BulkBench } from '../testing/bulk.fixture.js';
import { type ItemName } from '../testing/bulk.samples.js';
import { mortalStore } from '../testing/mortal.store.js';
import type { FeederDependencies } from './feeder.dependencies.js';
import { type FeederOptions, FeederService } from './feeder.service.js';

const PATIENCE = { timeout: 40_000, interval: 20 };
const log = createLogger({ level: 'silent', format: 'json' });

let redis: TestRedis;
let dir: string;
let store: FsObjectStore;
let bench: BulkBench;
const feeders: FeederService[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  // A store of its own: feeders find the jobs of everybody.
  dir = await mkdtemp(join(tmpdir(), 'facelane-feeder-'));
  store = new FsObjectStore({ root: dir, bucket: 'facelane' });
  bench = new BulkBench(store, redis.url);
});
afterEach(async () => {
  await Promise.all(feeders.splice(0).map((feeder) => feeder.stop()));
  await bench.close();
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

async function startFeeder(
  options: Partial<FeederOptions> = {},
  dependencies?: FeederDependencies,
): Promise<FeederService> {
  const feeder = new FeederService(dependencies ?? (await bench.dependencies()), {
    ...{ log, window: 200, tenantWeights: {}, pollMs: 50, wishMs: 20, quietMs: 200, settleMs: 50, graceMs: 5_000 },
    ...options,
  });
  feeders.push(feeder);
  feeder.start();
  return feeder;
}

const faces = (count: number): ItemName[] => Array.from({ length: count }, (_, i) => `face-${i + 1}` as const);
const whenState = (job: BulkJobDocument, state: string): Promise<void> =>
  vi.waitFor(async () => expect((await bench.progress(job)).state).toBe(state), PATIENCE);
const jobs = async (): Promise<FeederDependencies['jobs']> => (await bench.shared()).jobs;

async function unfinished(): Promise<number> {
  let count = 0;
  for await (const { id } of (await jobs()).unfinished()) if (id !== '') count += 1;
  return count;
}

describe('FeederService', () => {
  it('runs jobs that were there before it and those that come later, and has none left', async () => {
    await bench.startWorker();
    const early = await bench.job(faces(30));
    await startFeeder();
    const late = await bench.job(faces(20), { tenant: 'globex' });
    await whenState(early, 'completed');
    await whenState(late, 'completed');
    expect((await bench.progress(early)).counts.done).toBe(30);
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), PATIENCE);
  });

  it('pauses, resumes and cancels as the documents of the jobs say', async () => {
    const job = await bench.job(faces(50), { options: { onlyNew: false, weight: 1, window: 5, notify: 'none' } });
    await startFeeder();
    const { belt } = await bench.shared();
    await vi.waitFor(async () => expect(await belt.queues.queue('ingest').getPrioritizedCount()).toBe(5), PATIENCE);
    await (await jobs()).setWish(job, 'pause');
    await bench.startWorker({ concurrency: 1, delayMs: 5 });
    await whenState(job, 'paused');
    const { accounted } = await bench.progress(job);
    expect(accounted).toBeLessThan(50);
    expect(bench.runs.size).toBe(accounted);
    await (await jobs()).setWish(job, 'run');
    await vi.waitFor(() => expect(bench.runs.size).toBeGreaterThan(accounted), PATIENCE);
    await (await jobs()).setWish(job, 'cancel');
    await whenState(job, 'cancelled');
    const { counts } = await bench.progress(job);
    expect(counts.done + counts.cancelled).toBe(50);
    expect(counts.done).toBe(bench.runs.size);
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), PATIENCE);
  });

  it('is two that share the jobs, and one goes on where the other died', async () => {
    await bench.startWorker({ concurrency: 2, delayMs: 2 });
    const all = await Promise.all([0, 1, 2, 3].map(() => bench.job(faces(100))));
    const mortal = mortalStore(store, { afterCalls: 150, lastOneLands: true }, () => undefined);
    // Its Redis still hears of it: it lets go because it does not reach the store any more.
    await startFeeder({ maxJobs: 2, unreachableMs: 100 }, await bench.dependencies(mortal));
    await startFeeder();
    for (const job of all) {
      await whenState(job, 'completed');
      expect((await bench.entries(job)).map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
      expect((await bench.progress(job)).counts.done).toBe(100);
    }
  });

  it('goes on when Redis has lost everything, its tokens included', async () => {
    const job = await bench.job(faces(40));
    await startFeeder();
    const { belt } = await bench.shared();
    await vi.waitFor(async () => expect(await belt.queues.queue('ingest').getPrioritizedCount()).toBe(40), PATIENCE);
    // Tokens that were given out before the loss are higher than those after it.
    await belt.lease.with('other', () => Promise.resolve(undefined), { above: 1_000 });
    const second = await bench.job(faces(40), { tenant: 'globex' });
    await vi.waitFor(async () => expect((await bench.progress(second)).fence).toBeGreaterThan(1_000), PATIENCE);
    const admin = new Redis(redis.url);
    await admin.flushall();
    admin.disconnect();
    await bench.startWorker();
    await whenState(job, 'completed');
    await whenState(second, 'completed');
    for (const one of [job, second]) expect((await bench.progress(one)).counts.done).toBe(40);
  });

  it.each([
    ['equal shares', {}, 0.5],
    ['shares by weight', { acme: 3 }, 0.75],
  ])('gives two tenants %s of the work', async (_what, tenantWeights, share) => {
    await bench.startWorker({ concurrency: 4, delayMs: 2 });
    await startFeeder({ window: 40, tenantWeights });
    const first = await bench.job(faces(1_200), {
      options: { onlyNew: false, weight: 1, window: 1_000, notify: 'none' },
    });
    await vi.waitFor(() => expect(bench.order.length).toBeGreaterThan(100), PATIENCE);
    const second = await bench.job(faces(300), {
      tenant: 'globex',
      options: { onlyNew: false, weight: 1, window: 1_000, notify: 'none' },
    });
    await whenState(second, 'completed');
    const overlap = bench.order.slice(bench.order.indexOf('globex'), bench.order.lastIndexOf('globex'));
    const ofFirst = overlap.filter((tenant) => tenant === first.tenant).length / overlap.length;
    expect(Math.abs(ofFirst - share)).toBeLessThan(0.1);
  });

  it('leaves off in order, and keeps what has ended', async () => {
    const job = await bench.job(faces(60), { options: { onlyNew: false, weight: 1, window: 5, notify: 'none' } });
    const feeder = await startFeeder();
    const worker = await bench.startWorker({ concurrency: 1, delayMs: 5 });
    await vi.waitFor(() => expect(bench.runs.size).toBeGreaterThan(10), PATIENCE);
    await feeder.stop();
    const { accounted, state } = await bench.progress(job);
    expect({ state, some: accounted > 5, all: accounted === 60 }).toEqual({ state: 'running', some: true, all: false });
    await worker.drain();
    await bench.startWorker();
    await startFeeder();
    await whenState(job, 'completed');
    expect((await bench.progress(job)).counts.done).toBe(60);
  });

  it('takes off its list what has ended or was never made', async () => {
    const ended = await bench.job(faces(3));
    await bench.startWorker();
    await bench.run(ended);
    await (await jobs()).mark(ended);
    expect(await unfinished()).toBe(1);
    await startFeeder();
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), PATIENCE);
  });
});
