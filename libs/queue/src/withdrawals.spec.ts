import { StageError } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { StageQueues } from './stage.queues.js';
import { Belt, END, PASS } from './testing/belt.fixture.js';
import { startChild } from './testing/child.fixture.js';
import { CHAIN, word } from './testing/pipeline.fixture.js';
import { Withdrawals } from './withdrawals.js';

let server: TestRedis;
let belt: Belt;
let withdrawals: Withdrawals;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  belt = await Belt.open(server.url);
  withdrawals = new Withdrawals(belt.queues, belt.redis);
});
afterEach(() => belt.close());

const all = async (): Promise<unknown[]> =>
  Promise.all((['first', 'second', 'last'] as const).map((stage) => belt.counts(stage)));

/** Everything that Redis holds under the test's prefix, as text. */
async function everything(): Promise<string> {
  const dumped = await Promise.all(
    (await belt.redis.keys(`${belt.prefix}*`)).map(async (key) => {
      switch (await belt.redis.type(key)) {
        case 'hash':
          return [key, await belt.redis.hgetall(key)];
        case 'stream':
          return [key, await belt.redis.xrange(key, '-', '+')];
        case 'list':
          return [key, await belt.redis.lrange(key, 0, -1)];
        case 'zset':
          return [key, await belt.redis.zrange(key, 0, -1)];
        case 'set':
          return [key, await belt.redis.smembers(key)];
        default:
          return [key, await belt.redis.get(key)];
      }
    }),
  );
  return JSON.stringify(dumped);
}

/** A handler that stops in the middle of its work until it is let go. */
function gate(): { begun: Promise<void>; open: () => void; pass: <T>(value: T) => Promise<T> } {
  const [begun, opened] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  return {
    begun: begun.promise,
    open: () => opened.resolve(undefined),
    pass: async (value) => {
      begun.resolve(undefined);
      await opened.promise;
      return value;
    },
  };
}

describe('withdraw', () => {
  it('removes the asset from wherever it waits, and no other', async () => {
    belt.worker('second', () => Promise.reject(new StageError('INGEST.EMPTY', 'No good.')));
    await belt.queues.add('second', [word('a')]);
    await vi.waitFor(async () => expect(await belt.counts('second')).toEqual({ failed: 1 }));
    await belt.queues.add('first', [word('a'), word('b')]);
    await belt.queues.add('last', [word('a', { lane: 'bulk' }), word('b', { lane: 'bulk' })]);
    await belt.queues.add('second', [word('c')], { delayMs: 3_600_000 });
    expect(await withdrawals.withdraw('a')).toBe(3);
    expect(await all()).toEqual([{ wait: 1 }, { delayed: 1 }, { prioritized: 1 }]);
    expect(await withdrawals.withdraw('c')).toBe(1);
    expect(await withdrawals.withdraw('a')).toBe(0);
    await belt.queues.add('first', [word('a')]);
    expect(await belt.counts('first')).toEqual({ wait: 2 });
  });

  it('waits for one that runs and removes what comes of it', async () => {
    const { begun, open, pass } = gate();
    const seen: string[] = [];
    belt.worker('first', pass);
    belt.worker('last', (input) => (seen.push(input.assetId), END(input)));
    await belt.queues.add('first', [word('a')]);
    await begun;
    let done = false;
    const withdrawn = withdrawals.withdraw('a').finally(() => (done = true));
    const looks = vi.spyOn(belt.redis, 'eval');
    await vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThan(6));
    expect(done).toBe(false);
    open();
    expect(await withdrawn).toBe(1);
    expect(await all()).toEqual([{}, {}, {}]);
    belt.worker('second', PASS);
    await belt.queues.add('first', [word('b')]);
    await vi.waitFor(() => expect(seen).toEqual(['b']));
  });

  it('removes one that runs and is to be tried again', async () => {
    const { begun, open, pass } = gate();
    belt.worker('last', async (input) => {
      await pass(input);
      throw new StageError('STORE.UNAVAILABLE', 'Later.', { retry: { afterMs: 3_600_000 } });
    });
    await belt.queues.add('last', [word('a')]);
    await begun;
    const withdrawn = withdrawals.withdraw('a');
    open();
    expect(await withdrawn).toBe(1);
    expect(await all()).toEqual([{}, {}, {}]);
  });

  it('does not wait for a worker that died', async () => {
    const tuning = { lockMs: 500 };
    const child = startChild({ url: server.url, prefix: belt.prefix, stage: 'last', mode: 'hang', graceMs: 0, tuning });
    await belt.queues.add('last', [word('a')]);
    await child.started(1);
    await child.end('SIGKILL');
    expect(await belt.counts('last')).toEqual({ active: 1 });
    expect(await withdrawals.withdraw('a')).toBe(1);
    expect(await belt.counts('last')).toEqual({});
  });

  it('gives up on one that does not end, and when it is told to', async () => {
    const stage = { ...CHAIN.stages.last, timeoutMs: 60 };
    const hasty = { ...CHAIN, stages: { ...CHAIN.stages, last: stage } };
    const queues = new StageQueues(hasty, belt.redis, belt.prefix);
    const { begun, open, pass } = gate();
    belt.worker('last', async (input) => END(await pass(input)));
    await belt.queues.add('last', [word('a')]);
    await begun;
    await expect(new Withdrawals(queues, belt.redis).withdraw('a')).rejects.toMatchObject({
      code: 'QUEUE.TIMEOUT',
      message: 'Stage last did not end its work on a within 120 ms.',
    });
    const abort = new AbortController();
    const withdrawn = withdrawals.withdraw('a', abort.signal);
    abort.abort(new Error('enough'));
    await expect(withdrawn).rejects.toThrow('enough');
    open();
    await queues.close();
  });

  it('of many assets that are on their way leaves nothing of them', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `a${i}`);
    const done: string[] = [];
    belt.worker('first', PASS);
    belt.worker('second', PASS);
    belt.worker('last', (input) => (done.push(input.assetId), END(input)));
    await belt.queues.add(
      'first',
      ids.map((id) => word(id)),
    );
    await vi.waitFor(() => expect(done.length).toBeGreaterThan(3), { interval: 1 });
    const removed = await Promise.all(ids.map((id) => withdrawals.withdraw(id)));
    expect(await all()).toEqual([{}, {}, {}]);
    const gone = removed.reduce((sum, count) => sum + count, 0);
    expect(gone + done.length).toBe(ids.length);
    expect(gone).toBeGreaterThan(0);
  });
});

describe('withdrawWhere', () => {
  const about = (text: string) => (data: unknown) => JSON.stringify(data).includes(text);

  it('finds jobs by their data in every state, and leaves nothing in Redis that was said of them', async () => {
    const { begun, open, pass } = gate();
    const fail = (word: string): Error => new StageError('INGEST.EMPTY', `The photo of ${word} has no bytes.`);
    belt.worker('second', (input) => Promise.reject(fail(input.word)));
    belt.worker('first', async (input) => {
      if (input.assetId === 'running') return pass(input);
      throw new StageError('STORE.UNAVAILABLE', `Later, ${input.word}.`, { retry: { afterMs: 3_600_000 } });
    });
    const ada = { word: 'Ada Lovelace' };
    await belt.queues.add('second', [word('dead', ada), word('other')]);
    await belt.queues.add('first', [word('running', ada), word('retried', ada)]);
    await belt.queues.add('last', [word('waiting', ada), word('bulk', { ...ada, lane: 'bulk' }), word('stays')]);
    await belt.queues.add('last', [word('later', ada)], { delayMs: 3_600_000 });
    await begun;
    await vi.waitFor(async () => expect(await all()).toMatchObject([{ active: 1, delayed: 1 }, { failed: 2 }, {}]));
    expect(await everything()).toContain('The photo of Ada Lovelace');

    const withdrawn = withdrawals.withdrawWhere(about('Lovelace'));
    open();
    expect(await withdrawn).toBe(6);
    expect(await all()).toEqual([{}, { failed: 1 }, { wait: 1 }]);
    expect(await everything()).not.toContain('Ada');
    expect(await withdrawals.withdrawWhere(about('Lovelace'))).toBe(0);
  });

  it('gives data that is no JSON as text', async () => {
    await belt.queues.add('last', [word('a')]);
    await belt.redis.hset(belt.queues.queue('last').toKey('last_a'), 'data', 'no JSON of Ada');
    expect(await withdrawals.withdrawWhere((data) => data === 'no JSON of Ada')).toBe(1);
    expect(await all()).toEqual([{}, {}, {}]);
  });

  it('misses none of thousands that move while they are looked for', async () => {
    const ids = Array.from({ length: 2_500 }, (_, i) => `a${i}`);
    belt.worker('first', PASS);
    belt.worker('second', PASS);
    await belt.queues.add(
      'first',
      ids.map((id, i) => word(id, { word: i % 2 === 0 ? 'even' : 'odd', lane: i % 3 === 0 ? 'bulk' : 'interactive' })),
    );
    expect(await withdrawals.withdrawWhere(about('even'))).toBe(1_250);
    await vi.waitFor(async () => expect(await all()).toEqual([{}, {}, expect.anything()]), { timeout: 30_000 });
    const left = await belt.queues.queue('last').getJobs(['wait', 'prioritized']);
    expect(left).toHaveLength(1_250);
    expect(left.every(({ data }) => (data as { word: string }).word === 'odd')).toBe(true);
  });
});
