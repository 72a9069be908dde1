import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobInvalidError } from './job-invalid.error.js';
import type { DeadLetter } from './stage.hooks.js';
import { Belt, END, PASS } from './testing/belt.fixture.js';
import { word, type Word } from './testing/pipeline.fixture.js';

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

describe('an asset on the belt', () => {
  it('goes through every stage, each giving the next its output', async () => {
    const seen: string[] = [];
    belt.worker('first', (input) => Promise.resolve({ ...input, word: `${input.word} first` }));
    belt.worker('second', (input) => Promise.resolve({ ...input, word: `${input.word} second` }));
    belt.worker('last', (input) => {
      seen.push(input.word);
      return END(input);
    });
    await belt.queues.add('first', [word('a')]);
    await vi.waitFor(() => expect(seen).toEqual(['hello first second']));
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}));
  });

  it('is refused when it does not fit, alone and in bulk, and nothing is added', async () => {
    const wrong = { ...word('b'), extra: 1 };
    await expect(belt.queues.add('first', [wrong])).rejects.toThrow(JobInvalidError);
    await expect(belt.queues.add('first', [word('a'), wrong])).rejects.toThrow(/does not fit stage first.*extra/s);
    await expect(belt.queues.add('first', [word('a:b')])).rejects.toThrow(/no colon/);
    await belt.queues.add('first', []);
    expect(await belt.counts('first')).toEqual({});
  });

  it.each([
    ['another shape', '{"assetId":"odd","lane":"bulk"}'],
    ['no JSON', 'not { json'],
  ])('of %s, written by hand, becomes a dead letter and its neighbour is processed', async (_, data) => {
    const queue = belt.queues.queue('last');
    await queue.add('last', {}, { jobId: 'last_odd' });
    await belt.redis.hset(queue.toKey('last_odd'), 'data', data);
    await belt.queues.add('last', [word('good')]);
    const done: string[] = [];
    const dead: DeadLetter[] = [];
    belt.worker(
      'last',
      (input) => {
        done.push(input.assetId);
        return END(input);
      },
      { onDeadLetter: (letter) => Promise.resolve(void dead.push(letter)) },
    );
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ failed: 1 }));
    await vi.waitFor(() => expect(done).toEqual(['good']));
    expect(dead).toMatchObject([
      {
        stage: 'last',
        attempts: 1,
        failure: { code: 'QUEUE.JOB_INVALID' },
      },
    ]);
    await vi.waitFor(async () => expect((await queue.getJob('last_odd'))?.data).toBeTruthy());
  });

  it.each([
    ['its own declaration', (input: Word) => Promise.resolve({ ...input, extra: 1 })],
    ['what the next stage needs of an id', (input: Word) => Promise.resolve({ ...input, assetId: 'a:b' })],
  ])('becomes a dead letter when the output breaks %s', async (_, handler) => {
    belt.worker('first', handler);
    await belt.queues.add('first', [word('a')]);
    await vi.waitFor(async () => expect(await belt.counts('first')).toEqual({ failed: 1 }));
    const [job] = await belt.queues.queue('first').getFailed();
    expect(job?.failedReason).toContain('QUEUE.OUTPUT_INVALID');
    expect(await belt.counts('second')).toEqual({});
  });

  it('is one job per stage however often it is submitted while in flight, and runs again afterwards', async () => {
    const release = Promise.withResolvers<undefined>();
    let runs = 0;
    belt.worker('last', async (input) => {
      runs += 1;
      await release.promise;
      return END(input);
    });
    await belt.queues.add('last', [word('a'), word('a')]);
    await vi.waitFor(() => expect(runs).toBe(1));
    await belt.queues.add('last', [word('a')]);
    expect(await belt.counts('last')).toEqual({ active: 1 });
    release.resolve(undefined);
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}));
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(() => expect(runs).toBe(2));
  });

  it('overtakes bulk work in the interactive lane', async () => {
    await belt.queues.add(
      'last',
      ['a', 'b', 'c'].map((id) => word(id, { lane: 'bulk' })),
    );
    await belt.queues.add('last', [word('now')]);
    const order: string[] = [];
    belt.worker(
      'last',
      (input) => {
        order.push(input.assetId);
        return END(input);
      },
      { tuning: { concurrency: 1 } },
    );
    await vi.waitFor(() => expect(order).toEqual(['now', 'a', 'b', 'c']));
  });

  it('is worked on once when two copies of a worker share the queue', async () => {
    const runs = new Map<string, Set<number>>();
    const ids = Array.from({ length: 200 }, (_, i) => `a${i}`);
    const copy = (n: number) =>
      belt.worker('last', async (input) => {
        expect(runs.has(input.assetId)).toBe(false);
        runs.set(input.assetId, new Set([n]));
        await new Promise(setImmediate);
        return END(input);
      });
    await belt.queues.add(
      'last',
      ids.map((id) => word(id)),
    );
    await Promise.all([copy(1).ready(), copy(2).ready()]);
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}), { timeout: 20_000 });
    expect([...runs.keys()].sort()).toEqual([...ids].sort());
    expect(new Set([...runs.values()].flatMap((by) => [...by]))).toEqual(new Set([1, 2]));
  });
});

describe('a dead letter', () => {
  const kill = async (stage: 'first' | 'second', id: string): Promise<void> => {
    const worker = belt.worker(stage, () => Promise.reject(new Error('boom')));
    await belt.queues.add(stage, [word(id)]);
    await vi.waitFor(async () => expect(await belt.counts(stage)).toEqual({ failed: 1 }));
    await worker.drain(0);
  };

  it('gives way when its asset is submitted again, with the new data', async () => {
    await kill('first', 'a');
    await belt.queues.add('first', [word('a', { word: 'new' }), word('b')]);
    expect(await belt.counts('first')).toEqual({ wait: 2 });
    const job = await belt.queues.queue('first').getJob('first_a');
    expect(job).toMatchObject({ attemptsMade: 0, data: { word: 'new' } });
    expect(job?.failedReason).toBeFalsy();
  });

  it('gives way to the next hop of a later run', async () => {
    await kill('second', 'a');
    belt.worker('first', PASS);
    await belt.queues.add('first', [word('a')]);
    await vi.waitFor(async () => expect(await belt.counts('second')).toEqual({ wait: 1 }));
  });

  it('becomes one job when many processes submit its asset at once, even one that is running already', async () => {
    await kill('first', 'a');
    const others = await Promise.all(Array.from({ length: 4 }, () => Belt.open(server.url, belt.prefix)));
    const release = Promise.withResolvers<undefined>();
    let runs = 0;
    belt.worker('first', async (input) => {
      runs += 1;
      await release.promise;
      return input;
    });
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => others[i % others.length]!.queues.add('first', [word('a')])),
    );
    await vi.waitFor(() => expect(runs).toBe(1));
    expect(await belt.counts('first')).toEqual({ active: 1 });
    release.resolve(undefined);
    await vi.waitFor(async () => expect(await belt.counts('second')).toEqual({ wait: 1 }));
    expect(runs).toBe(1);
    await Promise.all(others.map((other) => other.close()));
  });
});
