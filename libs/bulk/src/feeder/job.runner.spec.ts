import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { keys, type LedgerEntry, StageError } from '@facelane/contracts';
import { FsObjectStore } from '@facelane/object-store';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { findSummary } from '../ledger/bulk.summary.js';
import { BulkBench } from '../testing/bulk.fixture.js';
import { type ItemName, ORIGINAL, readItems } from '../testing/bulk.samples.js';
import { JobControl } from './job.control.js';

let redis: TestRedis;
let dir: string;
let store: FsObjectStore;
let bench: BulkBench;

beforeAll(async () => {
  redis = await startRedis();
  dir = await mkdtemp(join(tmpdir(), 'facelane-bulk-'));
  store = new FsObjectStore({ root: dir, bucket: 'facelane' });
});
afterAll(async () => {
  await store.close();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => (bench = new BulkBench(store, redis.url)));
afterEach(() => bench.close());

const faces = (count: number, from = 1): ItemName[] =>
  Array.from({ length: count }, (_, i) => `face-${from + i}` as const);
const outcomes = (entries: readonly LedgerEntry[]): string[] => entries.map(({ outcome }) => outcome);
const lines = (entries: readonly LedgerEntry[]): number[] => entries.map(({ line }) => line);
const numbers = (to: number): number[] => Array.from({ length: to }, (_, i) => i + 1);

describe('JobRunner', () => {
  it('notes how each item ended, in the order of the lines', async () => {
    await bench.startWorker();
    const job = await bench.job(['face-1', 'empty-2', 'copy-3', 'bad-4', 'broken-5', 'face-1', 'bad-4']);
    expect(await bench.run(job)).toBe('ended');
    const entries = await bench.entries(job);
    expect(outcomes(entries)).toEqual(['done', 'no_faces', 'duplicate', 'failed', 'failed', 'duplicate', 'duplicate']);
    expect(lines(entries)).toEqual(numbers(7));
    expect(entries[0]).toMatchObject({ item: 's3://photos/face-1', faces: [{ decision: 'match', score: 0.5 }] });
    expect(entries[2]?.duplicateOf).toEqual({ assetId: ORIGINAL });
    expect(entries[3]?.failure).toMatchObject({ stage: 'ingest', code: 'INGEST.NOT_AN_IMAGE', retryable: false });
    expect(entries[4]).toMatchObject({ item: 'broken-5', failure: { stage: 'manifest', code: 'BULK.LINE_INVALID' } });
    expect(entries[5]?.duplicateOf).toEqual({ assetId: entries[0]!.assetId, line: 1 });
    expect(await bench.progress(job)).toMatchObject({
      state: 'completed',
      accounted: 7,
      counts: { done: 1, no_faces: 1, duplicate: 3, failed: 2, cancelled: 0 },
      failures: { 'INGEST.NOT_AN_IMAGE': 1, 'BULK.LINE_INVALID': 1 },
    });
    expect(bench.runs.get('face-1')).toBe(1);
  });

  it('leaves a results file and a summary that add up', async () => {
    await bench.startWorker();
    const job = await bench.job([...faces(1_150), 'bad-1', 'face-3']);
    await bench.run(job);
    const text = gunzipSync((await store.get(keys.bulkResults(job.tenant, job.id))).body).toString();
    const results = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LedgerEntry);
    expect(lines(results)).toEqual(numbers(1_152));
    // Line 3 was accounted for long before: the asset document says who named it.
    expect(results.at(-1)?.duplicateOf).toEqual({ assetId: results[2]!.assetId, line: 3 });
    const summary = await findSummary((await bench.shared()).documents, job);
    expect(summary).toMatchObject({
      ...{ state: 'completed', lines: 1_152, results: keys.bulkResults(job.tenant, job.id) },
      counts: { done: 1_150, no_faces: 0, duplicate: 1, failed: 1, cancelled: 0 },
    });
  });

  it('keeps to its window', async () => {
    const job = await bench.job(faces(60), { options: { onlyNew: false, weight: 1, window: 7, notify: 'none' } });
    const control = new JobControl();
    const run = bench.run(job, { control });
    const { belt } = await bench.shared();
    const waiting = (): Promise<number> => belt.queues.queue('ingest').getPrioritizedCount();
    await vi.waitFor(async () => expect(await waiting()).toBe(7));
    control.setWindow(3);
    await bench.startWorker({ concurrency: 2, delayMs: 2 });
    let most = 0;
    const watch = setInterval(() => void waiting().then((now) => (most = Math.max(most, now))), 5);
    await run;
    clearInterval(watch);
    expect(most).toBeLessThanOrEqual(7);
    expect((await bench.progress(job)).counts.done).toBe(60);
  });

  it('works on new items only, where that is asked for; others count as they ended', async () => {
    await bench.startWorker();
    const first = await bench.job(['face-1', 'bad-2', 'empty-3']);
    await bench.run(first);
    const options = { onlyNew: true, weight: 1, window: 200, notify: 'none' } as const;
    const again = await bench.job(['face-1', 'bad-2', 'empty-3', 'face-4'], { collection: first.collection, options });
    await bench.run(again);
    expect(outcomes(await bench.entries(again))).toEqual(['done', 'failed', 'no_faces', 'done']);
    expect([bench.runs.get('face-1'), bench.runs.get('face-4')]).toEqual([1, 1]);
    const third = await bench.job(['face-1'], { collection: first.collection });
    await bench.run(third);
    expect(bench.runs.get('face-1')).toBe(2);
  });

  it('fails when its source cannot be read any further, and counts what could be', async () => {
    await bench.startWorker();
    const job = await bench.job([]);
    const openSource = async function* () {
      yield* readItems(faces(3));
      throw new StageError('BULK.MANIFEST_UNREADABLE', 'The manifest is no gzip.');
    };
    const dependencies = { ...(await bench.shared()), openSource };
    expect(await bench.run(job, { dependencies })).toBe('ended');
    expect(await bench.progress(job)).toMatchObject({
      state: 'failed',
      accounted: 3,
      counts: { done: 3 },
      failure: { code: 'BULK.MANIFEST_UNREADABLE', message: 'The manifest is no gzip.' },
    });
  });

  it('goes on later when the store is away while the source is read', async () => {
    await bench.startWorker();
    const job = await bench.job(faces(5));
    const openSource = async function* () {
      yield* readItems(faces(2));
      throw new StageError('STORE.UNAVAILABLE', 'away');
    };
    const dependencies = { ...(await bench.shared()), openSource };
    await expect(bench.run(job, { dependencies })).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
    expect(await bench.run(job)).toBe('ended');
    expect(outcomes(await bench.entries(job))).toEqual(Array(5).fill('done'));
  });

  it('pauses when what is in flight has ended, and goes on where it was', async () => {
    const job = await bench.job(faces(40), { options: { onlyNew: false, weight: 1, window: 10, notify: 'none' } });
    const control = new JobControl();
    const run = bench.run(job, { control });
    const { belt } = await bench.shared();
    await vi.waitFor(async () => expect(await belt.queues.queue('ingest').getPrioritizedCount()).toBe(10));
    control.setWish('pause');
    await bench.startWorker();
    expect(await run).toBe('paused');
    expect(await bench.progress(job)).toMatchObject({ state: 'paused', accounted: 10, counts: { done: 10 } });
    expect(await bench.run(job)).toBe('ended');
    expect(lines(await bench.entries(job))).toEqual(numbers(40));
    expect([...bench.runs.values()]).toEqual(Array(40).fill(1));
  });

  it('cancels: what waits is withdrawn, what runs counts as it ends, and every other line is counted too', async () => {
    const job = await bench.job([...faces(700), 'broken-1'], {
      options: { onlyNew: false, weight: 1, window: 20, notify: 'none' },
    });
    await bench.startWorker({ concurrency: 2, delayMs: 20 });
    const control = new JobControl();
    const run = bench.run(job, { control });
    await vi.waitFor(() => expect(bench.runs.size).toBeGreaterThan(6));
    control.setWish('cancel');
    control.setWish('run');
    expect(await run).toBe('ended');
    const { state, accounted, counts } = await bench.progress(job);
    expect({ state, accounted }).toEqual({ state: 'cancelled', accounted: 701 });
    expect(counts.failed).toBe(1);
    expect(counts.done).toBe(bench.runs.size);
    expect(counts.done + counts.cancelled).toBe(700);
    expect(lines(await bench.entries(job))).toEqual(numbers(701));
    const { belt } = await bench.shared();
    expect(await belt.queues.queue('ingest').getJobCounts('prioritized', 'active')).toEqual({
      prioritized: 0,
      active: 0,
    });
  });

  it('finds what a killed feeder had left on the belt when it cancels', async () => {
    const job = await bench.job(faces(30));
    const abort = new AbortController();
    const killed = bench.run(job, { signal: abort.signal });
    const { belt } = await bench.shared();
    await vi.waitFor(async () => expect(await belt.queues.queue('ingest').getPrioritizedCount()).toBe(30));
    abort.abort(new Error('killed'));
    await expect(killed).rejects.toThrow('killed');
    expect(await bench.run(job, { control: new JobControl('cancel') })).toBe('ended');
    expect((await bench.progress(job)).counts.cancelled).toBe(30);
    expect(await belt.queues.queue('ingest').getPrioritizedCount()).toBe(0);
  });

  it('puts items on the belt again when Redis has lost them', async () => {
    const job = await bench.job(faces(20));
    const run = bench.run(job, { quietMs: 100 });
    const { belt } = await bench.shared();
    await vi.waitFor(async () => expect(await belt.queues.queue('ingest').getPrioritizedCount()).toBe(20));
    await belt.queues.queue('ingest').obliterate({ force: true });
    await bench.startWorker();
    expect(await run).toBe('ended');
    expect(outcomes(await bench.entries(job))).toEqual(Array(20).fill('done'));
  });

  it('runs beside another job of the same items, and each gets results of its own', async () => {
    await bench.startWorker({ delayMs: 3 });
    const first = await bench.job(faces(30));
    const second = await bench.job(faces(30), { collection: first.collection });
    await Promise.all([bench.run(first), bench.run(second)]);
    for (const job of [first, second]) expect(outcomes(await bench.entries(job))).toEqual(Array(30).fill('done'));
  });

  it('accounts for what has ended when it is told to leave off', async () => {
    const job = await bench.job(faces(30), { options: { onlyNew: false, weight: 1, window: 5, notify: 'none' } });
    const worker = await bench.startWorker({ concurrency: 1, delayMs: 5 });
    const control = new JobControl();
    const run = bench.run(job, { control });
    await vi.waitFor(() => expect(bench.runs.size).toBeGreaterThan(8));
    control.setStopped();
    expect(await run).toBe('stopped');
    const { accounted, state } = await bench.progress(job);
    expect(accounted).toBeGreaterThan(0);
    expect({ state, all: accounted === 30 }).toEqual({ state: 'running', all: false });
    await worker.drain();
    await bench.startWorker();
    expect(await bench.run(job)).toBe('ended');
    expect(lines(await bench.entries(job))).toEqual(numbers(30));
  });

  it('writes nothing once another feeder has begun', async () => {
    const job = await bench.job(faces(10));
    const { belt } = await bench.shared();
    const stale = bench.run(job, { settleMs: 50 });
    await vi.waitFor(async () => expect(await belt.queues.queue('ingest').getPrioritizedCount()).toBe(10));
    const next = bench.run(job, { quietMs: 50 });
    await vi.waitFor(async () => expect((await bench.progress(job)).fence).toBe(2));
    await bench.startWorker();
    const [first, second] = await Promise.allSettled([stale, next]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'QUEUE.LEASE_LOST' } });
    expect(second).toEqual({ status: 'fulfilled', value: 'ended' });
    expect(lines(await bench.entries(job))).toEqual(numbers(10));
  });
});
