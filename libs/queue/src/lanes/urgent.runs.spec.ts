import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LaneGate } from './lane.gate.js';
import { Belt } from '../testing/belt.fixture.js';
import { CHAIN, word } from '../testing/pipeline.fixture.js';

let redis: TestRedis;
let belt: Belt;
/** Jobs that run, and what ends each. */
let running: Map<string, () => void>;
let ended: string[];

beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());
beforeEach(async () => {
  belt = await Belt.open(redis.url);
  running = new Map();
  ended = [];
});
afterEach(async () => {
  for (const end of running.values()) end();
  await belt.close();
});

/** A worker whose jobs end when they are told to. */
async function startWorker(concurrency = 2, more: Parameters<Belt['worker']>[2] = {}) {
  const worker = belt.worker(
    'last',
    async ({ assetId }) => {
      await new Promise<void>((end) => running.set(assetId, end));
      running.delete(assetId);
      ended.push(assetId);
      return { assetId };
    },
    { tuning: { concurrency }, ...more },
  );
  await worker.ready();
  return worker;
}

const add = (lane: 'interactive' | 'bulk', ...names: string[]): Promise<void> =>
  belt.queues.add(
    'last',
    names.map((name) => word(name, { lane })),
  );
const runs = (...names: string[]): Promise<void> =>
  vi.waitFor(() => expect([...running.keys()].sort()).toEqual(names.sort()));

describe('a job that somebody waits for', () => {
  it('runs although bulk work has every place', async () => {
    await startWorker();
    await add('bulk', 'b1', 'b2', 'b3');
    await runs('b1', 'b2');
    await add('interactive', 'i1');
    await runs('b1', 'b2', 'i1');
    running.get('i1')!();
    await vi.waitFor(() => expect(ended).toEqual(['i1']));
    // The place was lent: bulk work does not get it.
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ active: 2, prioritized: 1 }));
  });

  it('comes after others when there are many, and before all bulk work', async () => {
    await startWorker();
    await add('bulk', 'b1', 'b2', 'b3');
    await runs('b1', 'b2');
    await add('interactive', 'i1', 'i2', 'i3');
    await runs('b1', 'b2', 'i1', 'i2');
    running.get('i1')!();
    await runs('b1', 'b2', 'i2', 'i3');
    for (const name of ['i2', 'i3', 'b1']) running.get(name)!();
    await runs('b2', 'b3');
    expect(ended).toEqual(['i1', 'i2', 'i3', 'b1']);
  });

  it('is finished, or handed back, by a worker that stops', async () => {
    const worker = await startWorker(1);
    await add('bulk', 'b1');
    await runs('b1');
    await add('interactive', 'i1');
    await runs('b1', 'i1');
    const drained = worker.drain(60_000);
    running.get('b1')!();
    await vi.waitFor(() => expect(ended).toEqual(['b1']));
    running.get('i1')!();
    await drained;
    expect([ended, await belt.counts('last')]).toEqual([['b1', 'i1'], {}]);
  });
});

describe('a run of an interactive job', () => {
  it.each([
    [true, undefined],
    [false, true],
  ])('holds bulk work back (%s) unless its stage waits for others (%s)', async (holds, waitsElsewhere) => {
    const gate = new LaneGate();
    const stage = { ...CHAIN.stages.last, ...(waitsElsewhere && { waitsElsewhere }) };
    await startWorker(2, { stage, gate });
    await add('interactive', 'i1');
    await runs('i1');
    expect(gate.mayBegin(performance.now())).toBe(!holds);
  });
});
