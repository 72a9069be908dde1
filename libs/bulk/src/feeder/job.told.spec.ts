import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BulkJobDocument, eventOfJobEnd, type FacelaneEvent } from '@facelane/contracts';
import { FsObjectStore } from '@facelane/object-store';
import { connectProducer, EventLog } from '@facelane/queue';
import { createLogger } from '@facelane/telemetry';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEvents } from '../../../boot/src/testing/open-outbox.js';
import { BulkBench } from '../testing/bulk.fixture.js';
import { jobOf } from '../testing/bulk.samples.js';
import { FeederService } from './feeder.service.js';
import { JobTeller } from './job.teller.js';

const options = { onlyNew: false, weight: 1, window: 200 };
const EACH = { options: { ...options, notify: 'each' } } satisfies Partial<BulkJobDocument>;
const SUMMARY = { options: { ...options, notify: 'summary' } } satisfies Partial<BulkJobDocument>;

let server: TestRedis;
let redis: Redis;
let dir: string;
let store: FsObjectStore;
let bench: BulkBench;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectProducer(server, () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'facelane-told-'));
  store = new FsObjectStore({ root: dir, bucket: 'facelane' });
  bench = new BulkBench(store, server.url);
});
afterEach(async () => {
  await bench.close();
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

const events = (): Promise<FacelaneEvent[]> => readEvents(new EventLog(redis, bench.prefix), 'acme');

async function listed(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of (await bench.shared()).jobs.unfinished()) ids.push(id);
  return ids;
}

describe('the end of a job', () => {
  it('is told once, with its account, and failed items of each are told where that was asked for', async () => {
    await bench.startWorker();
    const quiet = await bench.job(['face-1', 'bad-1', 'bad-2'], SUMMARY);
    await bench.run(quiet);
    const [ended, ...more] = await events();
    expect(more).toEqual([]);
    expect(ended).toMatchObject({
      type: 'job.completed',
      data: { jobId: quiet.id, state: 'completed', lines: 3, failures: { 'INGEST.NOT_AN_IMAGE': 2 } },
    });
    const loud = await bench.job(['face-1', 'bad-1'], EACH);
    await bench.run(loud);
    expect((await events()).slice(1)).toMatchObject([
      { type: 'asset.failed', data: { bulk: { job: loud.id, line: 2 } } },
      { type: 'job.completed', data: { jobId: loud.id } },
    ]);
    await bench.run(await bench.job(['face-1', 'bad-1']));
    expect(await events()).toHaveLength(3);
    expect(await listed()).toEqual([]);
  });

  it('is told by the next feeder when the one that wrote it died, with the same bytes', async () => {
    await bench.startWorker();
    const job = await bench.job(['face-1'], SUMMARY);
    const outbox = { append: () => Promise.reject(new Error('killed')) };
    const dependencies = { ...(await bench.dependencies()), outbox };
    await expect(bench.run(job, { dependencies })).rejects.toThrow('killed');
    const progress = await bench.progress(job);
    expect([progress.state, await listed(), await events()]).toEqual(['completed', [job.id], []]);
    const log = createLogger({ level: 'silent', format: 'json' });
    const feeder = new FeederService(await bench.dependencies(), { log, window: 200, tenantWeights: {}, pollMs: 20 });
    feeder.start();
    await vi.waitFor(async () => expect(await listed()).toEqual([]), { timeout: 20_000, interval: 20 });
    await feeder.stop();
    const { state, endedAt = '' } = progress;
    if (state !== 'completed') throw new Error(state);
    const wanted = eventOfJobEnd(job, { ...progress, state, endedAt });
    expect((await events()).map((event) => JSON.stringify(event))).toEqual([JSON.stringify(wanted)]);
  });
});

describe('the progress of a job', () => {
  it('is told every 30 seconds at most, when it is paused at once, and never to nobody', async () => {
    const { outbox, jobs } = await bench.shared();
    const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
    const job = jobOf(SUMMARY);
    await jobs.create(job);
    const begun = { ...(await jobs.findProgress(job))!, state: 'running' as const, updatedAt: at(0) };
    const teller = new JobTeller(outbox, job, Date.parse(begun.updatedAt));
    for (const seconds of [1, 29, 30, 31, 59, 61]) {
      await teller.step({ ...begun, accounted: seconds, updatedAt: at(seconds) });
    }
    const paused = { ...begun, state: 'paused' as const, accounted: 61, updatedAt: at(62) };
    await teller.turn(paused);
    await new JobTeller(outbox, job, Date.parse(begun.updatedAt)).turn(paused);
    expect((await events()).map(({ data }) => data)).toMatchObject([
      { state: 'running', accounted: 30 },
      { state: 'running', accounted: 61 },
      { state: 'paused', accounted: 61 },
    ]);
    await new JobTeller(outbox, jobOf()).turn(paused);
    expect(await events()).toHaveLength(3);
  });
});
