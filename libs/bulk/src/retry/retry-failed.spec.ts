import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keys } from '@facelane/contracts';
import { FsObjectStore } from '@facelane/object-store';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceItem } from '../source/source.item.js';
import { openBulkSource } from '../source/open-bulk-source.js';
import { BulkBench } from '../testing/bulk.fixture.js';
import { type ItemName } from '../testing/bulk.samples.js';
import { retryFailed } from './retry-failed.js';

let redis: TestRedis;
let dir: string;
let store: FsObjectStore;
let bench: BulkBench;
beforeAll(async () => {
  redis = await startRedis();
  dir = await mkdtemp(join(tmpdir(), 'facelane-retry-'));
  store = new FsObjectStore({ root: dir, bucket: 'facelane' });
});
afterAll(async () => {
  await store.close();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  bench = new BulkBench(store, redis.url);
  await bench.startWorker();
});
afterEach(() => bench.close());

const ITEMS: readonly ItemName[] = ['face-1', 'bad-2', 'broken-3', 'bad-4', 'empty-5', 'bad-2'];

describe('retryFailed', () => {
  it('makes a job of what failed, with the tags it had, and not of lines that were no items', async () => {
    const job = await bench.job(ITEMS);
    await bench.run(job);
    const { openSource, ...rest } = await bench.shared();
    const tagged = async function* (...args: Parameters<typeof openSource>): AsyncGenerator<SourceItem> {
      for await (const line of openSource(...args)) {
        yield 'item' in line ? { ...line, item: { ...line.item, tags: [`line ${line.line}`] } } : line;
      }
    };
    const retried = await retryFailed({ ...rest, openSource: tagged }, job);
    expect(retried).toMatchObject({ outcome: 'created', lost: 0, job: { retryOf: job.id, total: 2, wish: 'run' } });
    if (retried.outcome === 'nothing') throw new Error('nothing was retried');
    const items: SourceItem[] = [];
    const stores = { store, mayRead: () => true };
    for await (const item of openBulkSource(retried.job.source, stores)) items.push(item);
    expect(items).toMatchObject(
      [2, 4].map((n) => ({
        item: { source: { kind: 'object', bucket: 'photos', key: `bad-${n}` }, tags: [`line ${n}`] },
      })),
    );
    const again = { ...(await bench.shared()), openSource: () => openBulkSource(retried.job.source, stores) };
    expect(await bench.run(retried.job, { dependencies: again })).toBe('ended');
    expect((await bench.progress(retried.job)).counts.failed).toBe(2);
    expect(bench.runs.get('bad-2')).toBe(2);
  });

  it('knows objects by their names when the list has changed', async () => {
    const job = await bench.job(ITEMS);
    await bench.run(job);
    bench.items.set(job.id, ['face-9', 'face-8', 'face-7']);
    expect(await retryFailed(await bench.shared(), job)).toMatchObject({ outcome: 'created', job: { total: 2 } });
  });

  it('makes none when nothing failed so', async () => {
    const job = await bench.job(ITEMS);
    await bench.run(job);
    const id = '00000000-0000-4000-8000-000000000009';
    const options = { code: 'STORE.FULL', id };
    expect(await retryFailed(await bench.shared(), job, options)).toEqual({ outcome: 'nothing', lost: 0 });
    expect(await store.head(keys.bulkItems(job.tenant, id))).toBeUndefined();
  });
});
