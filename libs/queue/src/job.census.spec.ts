import { StageError } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { JobCensus } from './job.census.js';
import { Belt } from './testing/belt.fixture.js';
import { type CHAIN, word } from './testing/pipeline.fixture.js';

let server: TestRedis;
let belt: Belt;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  belt = await Belt.open(server.url);
});
afterEach(() => belt.close());

it('counts what is not over by what it is of, and no dead letters', async () => {
  const census = new JobCensus<typeof CHAIN>(belt.queues, belt.redis);
  await belt.queues.add('first', [word('dead')]);
  belt.worker('first', () => Promise.reject(new StageError('INGEST.TOO_LARGE', 'a.jpg has 9 bytes.')));
  await vi.waitFor(async () => expect(await belt.counts('first')).toMatchObject({ failed: 1 }));
  await belt.queues.add('second', [word('a1'), word('b1', { lane: 'bulk' })]);
  await belt.queues.add('second', [word('a2')], { delayMs: 60_000 });
  const weigh = (data: unknown): { thing: string; count: number } => {
    const { assetId } = data as { assetId: string };
    return { thing: assetId.slice(0, 1), count: Number(assetId.slice(1)) };
  };
  expect(await census.total('second')).toBe(3);
  expect(await census.by('second', weigh)).toEqual(new Map(Object.entries({ a: 3, b: 1 })));
  expect(await census.total('first')).toBe(0);
  expect(await census.by('first', weigh)).toEqual(new Map());
});
