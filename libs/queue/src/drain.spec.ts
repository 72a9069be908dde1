import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { StageQueues } from './stage.queues.js';
import { Belt, END, PASS } from './testing/belt.fixture.js';
import { startChild } from './testing/child.fixture.js';
import { CHAIN, word } from './testing/pipeline.fixture.js';

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

const NEVER = (): Promise<never> => new Promise(() => undefined);
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}`);

describe('a shutdown', () => {
  it('lets jobs in flight finish within the grace and takes no others', async () => {
    const release = Promise.withResolvers<undefined>();
    let begun = 0;
    const worker = belt.worker('last', async (input) => {
      begun += 1;
      await release.promise;
      return END(input);
    });
    await belt.queues.add(
      'last',
      ids(6).map((id) => word(id)),
    );
    await vi.waitFor(() => expect(begun).toBe(4));
    const drained = worker.drain(60_000);
    release.resolve(undefined);
    await drained;
    expect(begun).toBe(4);
    expect(await belt.counts('last')).toEqual({ wait: 2 });
  });

  it.each(['interactive', 'bulk'] as const)(
    'hands back %s jobs that do not finish, uncounted, for another worker',
    async (lane) => {
      const outcomes: string[] = [];
      const worker = belt.worker('last', NEVER, { onRun: (run) => outcomes.push(run.outcome) });
      await belt.queues.add(
        'last',
        ids(6).map((id) => word(id, { lane })),
      );
      await vi.waitFor(async () => expect(await belt.counts('last')).toMatchObject({ active: 4 }));
      await worker.drain(1);
      expect(await belt.counts('last')).toEqual({ [lane === 'bulk' ? 'prioritized' : 'wait']: 6 });
      expect(outcomes).toEqual(['handed-back', 'handed-back', 'handed-back', 'handed-back']);
      const done: [string, number][] = [];
      belt.worker('last', (input, context) => {
        done.push([input.assetId, context.attempt]);
        return END(input);
      });
      await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}));
      expect(done.sort()).toEqual(ids(6).map((id) => [id, 1]));
    },
  );

  it('by SIGTERM ends the process and loses nothing', async () => {
    await belt.queues.add(
      'last',
      ids(6).map((id) => word(id)),
    );
    const child = startChild({
      url: server.url,
      prefix: belt.prefix,
      stage: 'last',
      mode: 'hang',
      graceMs: 50,
      tuning: {},
    });
    await child.started(4);
    expect(await child.end('SIGTERM')).toBe(0);
    expect(await belt.counts('last')).toEqual({ wait: 6 });
  });
});

describe('kill -9', () => {
  it('of a worker in the middle of its jobs loses none: another finishes them all', async () => {
    const all = ids(20);
    await belt.queues.add(
      'last',
      all.map((id) => word(id)),
    );
    const task = { url: server.url, prefix: belt.prefix, stage: 'last', graceMs: 0, tuning: { lockMs: 500 } } as const;
    const victim = startChild({ ...task, mode: 'hang' });
    await victim.started(4);
    expect(await victim.end('SIGKILL')).toBe('SIGKILL');
    expect(await belt.counts('last')).toEqual({ active: 4, wait: 16 });
    const heir = startChild({ ...task, mode: 'pass' });
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}), { timeout: 20_000 });
    expect((await belt.redis.smembers(`${belt.prefix}:effects`)).sort()).toEqual(all.sort());
    expect(await heir.end('SIGTERM')).toBe(0);
  });

  it('between the next hop and the completion leaves one job of the next stage', async () => {
    await belt.queues.add('first', [word('a')]);
    const tuning = { lockMs: 500 };
    const victim = startChild({
      url: server.url,
      prefix: belt.prefix,
      stage: 'first',
      mode: 'die-after-hop',
      graceMs: 0,
      tuning,
    });
    expect(await victim.ended).toBe('SIGKILL');
    expect(await belt.counts('first')).toEqual({ active: 1 });
    expect(await belt.counts('second')).toEqual({ wait: 1 });
    belt.worker('first', PASS, { tuning });
    await vi.waitFor(async () => expect(await belt.counts('first')).toEqual({}), { timeout: 20_000 });
    expect(await belt.counts('second')).toEqual({ wait: 1 });
    const runs: string[] = [];
    belt.worker('second', (input) => {
      runs.push(input.assetId);
      return Promise.resolve(input);
    });
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ wait: 1 }));
    expect(runs).toEqual(['a']);
  });
});

describe('the next hop', () => {
  it('is on the belt before the job that caused it is done', async () => {
    class Watching extends StageQueues<typeof CHAIN> {
      readonly seen: Record<string, number>[] = [];
      override async enqueue(...args: Parameters<StageQueues<typeof CHAIN>['enqueue']>): Promise<void> {
        await super.enqueue(...args);
        this.seen.push(await belt.counts('first'), await belt.counts('second'));
      }
    }
    const queues = new Watching(CHAIN, belt.redis, belt.prefix);
    belt.worker('first', PASS, { queues });
    await belt.queues.add('first', [word('a')]);
    await vi.waitFor(() => expect(queues.seen).toEqual([{ active: 1 }, { wait: 1 }]));
    await vi.waitFor(async () => expect(await belt.counts('first')).toEqual({}));
    await queues.close();
  });
});
