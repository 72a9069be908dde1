import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BeltRole, PipelineBelt } from './pipeline.belt.js';
import type { PipelineEvent } from './pipeline.events.js';
import { END } from './testing/belt.fixture.js';
import { ASIDE, CHAIN, word } from './testing/pipeline.fixture.js';

let server: TestRedis;
let admin: Redis;
let belt: PipelineBelt<typeof CHAIN>;
let prefix: string;
const errors: Error[] = [];
beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  admin.on('error', () => undefined);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

const open = async (role: BeltRole): Promise<PipelineBelt<typeof CHAIN>> =>
  PipelineBelt.open(CHAIN, role, { url: server.url, prefix, onError: (error) => errors.push(error) });

beforeEach(async () => {
  prefix = `test-${randomUUID()}`;
  errors.length = 0;
  belt = await open('worker');
  await vi.waitFor(() => expect(belt.connected).toBe(true));
});
afterEach(() => belt.close());

const clients = async (): Promise<number> => ((await admin.client('LIST')) as string).trim().split('\n').length;

describe('tables alongside each other', () => {
  it('share one connection and keep their queues, workers and events apart', async () => {
    const before = await clients();
    const aside = belt.alongside(ASIDE);
    await aside.ping();
    await aside.queues.add('aside', [word('a')]);
    expect(await clients()).toBe(before);

    const seen: PipelineEvent[] = [];
    await belt.listen((event) => seen.push(event));
    await aside.listen((event) => seen.push(event), { gatherMs: 0 });
    const worker = aside.startWorker({ stage: ASIDE.stages.aside, handler: END });
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect(seen).toEqual([{ stage: 'aside', assetId: 'a', outcome: 'completed', final: true }]);
    await worker.drain(0);
    expect(await belt.queues.carries('a')).toBe(false);
  });

  it('are closed with the first, and the first goes on without them', async () => {
    const first = await open('worker');
    const aside = first.alongside(ASIDE);
    await aside.close();
    await first.queues.add('last', [word('a')]);
    await first.alongside(ASIDE).listen(() => undefined);
    const during = await clients();
    await first.close();
    await vi.waitFor(async () => expect(await clients()).toBe(during - 2));
    expect(first.connected).toBe(false);
  });

  it('report the trouble of their connection once, to the same listener', async () => {
    const aside = belt.alongside(ASIDE);
    await server.kill9();
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0));
    expect([belt.connected, aside.connected]).toEqual([false, false]);
    await server.restart();
    await vi.waitFor(() => expect(aside.connected).toBe(true), { timeout: 20_000 });
  });
});

describe('add', () => {
  it('keeps a job back for as long as it is told', async () => {
    const before = Date.now();
    await belt.queues.add('last', [word('a'), word('b', { lane: 'bulk' })], { delayMs: 3_600_000 });
    await belt.queues.add('last', [word('c')], { delayMs: 60 });
    const queue = belt.queues.queue('last');
    expect(await queue.getJobCounts('delayed', 'wait', 'prioritized')).toEqual({ delayed: 3, wait: 0, prioritized: 0 });
    expect((await queue.getJob('last_a'))?.delay).toBe(3_600_000);
    const started: number[] = [];
    const worker = belt.startWorker({
      stage: CHAIN.stages.last,
      handler: (input) => {
        started.push(Date.now());
        return END(input);
      },
    });
    await vi.waitFor(() => expect(started).toHaveLength(1));
    expect(started[0]! - before).toBeGreaterThanOrEqual(60);
    await worker.drain(0);
  });
});

describe('a failed job of a stage that forgets', () => {
  it('goes when another fails after its time; other stages keep theirs', async () => {
    const aside = belt.alongside(ASIDE);
    const boom = (): Promise<never> => Promise.reject(new Error('boom'));
    const workers = [
      aside.startWorker({ stage: ASIDE.stages.aside, handler: boom }),
      belt.startWorker({ stage: CHAIN.stages.last, handler: boom }),
    ];
    await aside.queues.add('aside', [word('old')]);
    await belt.queues.add('last', [word('old')]);
    const queue = aside.queues.queue('aside');
    await vi.waitFor(async () => expect(await queue.getFailedCount()).toBe(1));
    await vi.waitFor(async () => expect(await belt.queues.queue('last').getFailedCount()).toBe(1));
    for (const [name, key] of [
      ['aside', queue.toKey('failed')],
      ['last', belt.queues.queue('last').toKey('failed')],
    ] as const) {
      // As if it had failed an hour ago.
      await admin.zadd(key, Date.now() - 3_600_000, `${name}_old`);
    }
    await aside.queues.add('aside', [word('new')]);
    await belt.queues.add('last', [word('new')]);
    await vi.waitFor(async () => expect(await queue.getFailed()).toMatchObject([{ id: 'aside_new' }]));
    await vi.waitFor(async () => expect(await belt.queues.queue('last').getFailedCount()).toBe(2));
    await Promise.all(workers.map((worker) => worker.drain(0)));
  });
});
