import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { settleRuns } from './settle-runs.js';
import { Belt } from './testing/belt.fixture.js';
import { word } from './testing/pipeline.fixture.js';

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

it('waits for the runs of now, and not for those that wait or begin later', async () => {
  const running = new Map<string, () => void>();
  belt.worker('last', async ({ assetId }) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    running.set(assetId, () => resolve(undefined));
    await promise;
    return { assetId };
  });
  await settleRuns(belt.queues, 'last');
  await belt.queues.add('first', [word('waiting')]);
  await belt.queues.add('last', [word('a'), word('b')]);
  await vi.waitFor(() => expect([...running.keys()].sort()).toEqual(['a', 'b']));
  let settled = false;
  const waiting = settleRuns(belt.queues, 'last').then(() => (settled = true));
  running.get('a')!();
  await belt.queues.add('last', [word('c')]);
  await vi.waitFor(() => expect(running.has('c')).toBe(true));
  expect(settled).toBe(false);
  running.get('b')!();
  await waiting;
  expect(await belt.counts('last')).toEqual({ active: 1 });
  await settleRuns(belt.queues, 'first');
  running.get('c')!();
});

it('takes a job that is handed back and runs again for a run of its own', async () => {
  const runs: (() => void)[] = [];
  const work = async ({ assetId }: { assetId: string }): Promise<{ assetId: string }> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    runs.push(() => resolve(undefined));
    await promise;
    return { assetId };
  };
  const first = belt.worker('last', work);
  await belt.queues.add('last', [word('a')]);
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  const waiting = settleRuns(belt.queues, 'last');
  await first.drain(0);
  belt.worker('last', work);
  await vi.waitFor(() => expect(runs).toHaveLength(2));
  await waiting;
  runs.forEach((end) => end());
});
