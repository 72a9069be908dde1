import { Postponement } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { StageRun } from './stage.hooks.js';
import { Belt, END } from './testing/belt.fixture.js';
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

it('a job that is postponed comes back later, as often as it likes, with the attempts that it had', async () => {
  const attempts: number[] = [];
  const runs: StageRun[] = [];
  belt.worker(
    'last',
    (input, { attempt }) => {
      attempts.push(attempt);
      // More often than the stage has attempts.
      if (attempts.length <= 5) throw new Postponement(5, 'Not yet.');
      if (attempts.length === 6) throw new Error('a failure, which counts');
      return END(input);
    },
    { onRun: (run) => runs.push(run) },
  );
  await belt.queues.add('last', [word('a')]);
  await vi.waitFor(() => expect(runs).toHaveLength(7), { timeout: 20_000 });
  expect(attempts).toEqual([1, 1, 1, 1, 1, 1, 2]);
  expect(runs.map(({ outcome }) => outcome)).toEqual([...Array<string>(5).fill('postponed'), 'failed', 'completed']);
  await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}));
});

it('a job that is postponed leaves its place to others meanwhile', async () => {
  const done: string[] = [];
  belt.worker(
    'last',
    (input) => {
      if (input.assetId === 'late') throw new Postponement(60_000, 'Not for a minute.');
      done.push(input.assetId);
      return END(input);
    },
    { tuning: { concurrency: 1 } },
  );
  await belt.queues.add('last', [word('late'), word('a'), word('b')]);
  await vi.waitFor(() => expect(done).toEqual(['a', 'b']), { timeout: 20_000 });
  // A handler is done before its job is.
  await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ delayed: 1 }));
});
