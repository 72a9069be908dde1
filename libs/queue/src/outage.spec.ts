import { Worker as Thread } from 'node:worker_threads';
import { UsageError } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectProducer, connectWorker } from './redis.connection.js';
import { Belt, END, PASS } from './testing/belt.fixture.js';
import { word } from './testing/pipeline.fixture.js';

let server: TestRedis;
let belt: Belt;
beforeEach(async () => {
  server = await startRedis();
  belt = await Belt.open(server.url);
});
afterEach(async () => {
  await belt.close();
  await server.stop();
});

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}`);

describe('Redis', () => {
  it('that crashes in the middle of the work, and is away for a while, loses nothing', async () => {
    const all = ids(60);
    const done = new Set<string>();
    await belt.queues.add(
      'first',
      all.map((id) => word(id)),
    );
    const tuning = { lockMs: 1_000, concurrency: 2 };
    belt.worker('first', PASS, { tuning });
    belt.worker('second', PASS, { tuning });
    belt.worker(
      'last',
      (input) => {
        done.add(input.assetId);
        return END(input);
      },
      { tuning },
    );
    await vi.waitFor(() => expect(done.size).toBeGreaterThan(5));
    await server.kill9();
    await vi.waitFor(() => expect(belt.errors.map(String)).toContainEqual(expect.stringContaining('ECONNREFUSED')));
    await server.restart();
    await vi.waitFor(() => expect([...done].sort()).toEqual(all.sort()), { timeout: 40_000 });
    await vi.waitFor(
      async () =>
        expect(await Promise.all([belt.counts('first'), belt.counts('second'), belt.counts('last')])).toEqual([
          {},
          {},
          {},
        ]),
      { timeout: 40_000 },
    );
  });

  it('being away at start keeps a worker waiting; it works when Redis is there', async () => {
    await belt.queues.add('last', [word('a')]);
    await server.kill9();
    const away = connectWorker({ url: server.url }, () => undefined);
    const worker = belt.worker('last', END, { redis: away });
    await vi.waitFor(() => expect(belt.errors.map(String)).toContainEqual(expect.stringContaining('ECONNREFUSED')));
    await server.restart();
    await worker.ready();
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}), { timeout: 20_000 });
    away.disconnect();
  });

  it('being away at start is told to a producer at once, without the password', async () => {
    await server.kill9();
    const refused = await connectProducer(server, () => undefined).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused).toMatchObject({
      message: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ does not answer \(.*ECONNREFUSED/) as string,
      remedy: expect.stringContaining('REDIS_URL') as string,
    });
    expect(String(refused)).not.toContain(new URL(server.url).password);
    await server.restart();
  });

  it('being away during a shutdown does not hold it for ever', async () => {
    const worker = belt.worker('last', () => new Promise(() => undefined));
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ active: 1 }));
    await server.kill9();
    await worker.drain(10);
    expect(belt.errors.map((error) => error.message)).toContainEqual(expect.stringContaining('shut down'));
    await server.restart();
    expect(await vi.waitFor(() => belt.counts('last'), { timeout: 20_000 })).toEqual({ active: 1 });
  });
});

describe('a lock', () => {
  it('is renewed while the handler waits for a busy thread for longer than the lock lasts', async () => {
    let runs = 0;
    belt.worker(
      'last',
      async (input) => {
        runs += 1;
        const thread = new Thread('const end = Date.now() + 1600; while (Date.now() < end);', { eval: true });
        await new Promise((resolve) => thread.once('exit', resolve));
        return END(input);
      },
      { tuning: { lockMs: 400 } },
    );
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(() => expect(runs).toBe(1));
    // It would take the job over, were the lock to end.
    const other = belt.worker('last', (input) => ((runs += 1), END(input)), { tuning: { lockMs: 400 } });
    await other.ready();
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}), { timeout: 20_000 });
    expect(runs).toBe(1);
    expect(belt.errors).toEqual([]);
  });
});
