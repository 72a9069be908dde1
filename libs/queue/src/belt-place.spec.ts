import { StageError } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { stageErrorOf } from './failure.record.js';
import { Belt, END, PASS } from './testing/belt.fixture.js';
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

const refuse = (): Promise<never> =>
  Promise.reject(new StageError('INGEST.TOO_LARGE', 'a.jpg has 9 bytes.', { safeDetails: { bytes: 9 } }));

describe('locate', () => {
  it('tells stage, state and data', async () => {
    await belt.queues.add('first', [word('waiting')]);
    await belt.queues.add('first', [word('bulk', { lane: 'bulk' })]);
    await belt.queues.add('second', [word('later')], { delayMs: 3_600_000 });
    belt.worker('last', (input) => (input.assetId === 'dead' ? refuse() : new Promise(() => undefined)));
    await belt.queues.add('last', [word('dead'), word('running')]);
    const at = (assetId: string) => vi.waitFor(() => belt.queues.locate(assetId));
    expect(await at('waiting')).toEqual({ stage: 'first', state: 'waiting', data: word('waiting') });
    expect(await at('bulk')).toMatchObject({ stage: 'first', state: 'waiting' });
    expect(await at('later')).toMatchObject({ stage: 'second', state: 'delayed' });
    await vi.waitFor(async () => expect(await at('running')).toMatchObject({ stage: 'last', state: 'active' }));
    await vi.waitFor(async () => expect(await at('dead')).toMatchObject({ stage: 'last', state: 'failed' }));
    expect(await at('nobody')).toBeUndefined();
  });

  it('puts what is under way before a dead letter', async () => {
    const worker = belt.worker('first', refuse);
    await belt.queues.add('first', [word('a')]);
    await vi.waitFor(async () => expect(await belt.counts('first')).toEqual({ failed: 1 }));
    await worker.drain(0);
    await belt.queues.add('last', [word('a')]);
    expect(await belt.queues.locate('a')).toMatchObject({ stage: 'last', state: 'waiting' });
  });

  it('never loses an asset on its way', async () => {
    const release = Promise.withResolvers<undefined>();
    belt.worker('first', PASS);
    belt.worker('second', PASS);
    belt.worker('last', async (input) => (await release.promise, END(input)));
    const ids = Array.from({ length: 40 }, (_, i) => `a${i}`);
    await belt.queues.add(
      'first',
      ids.map((id) => word(id)),
    );
    const order = ['first', 'second', 'last'];
    const furthest = new Map(ids.map((id) => [id, 0]));
    while ([...furthest.values()].some((stage) => stage < 2)) {
      const found = await Promise.all(ids.map((id) => belt.queues.locate(id)));
      for (const [i, id] of ids.entries()) {
        const stage = order.indexOf(found[i]?.stage ?? 'lost');
        expect(stage).toBeGreaterThanOrEqual(furthest.get(id)!);
        furthest.set(id, stage);
      }
    }
    release.resolve(undefined);
  });
});

describe('failureOf', () => {
  it('tells why a job is a dead letter, as it was thrown, and of no other', async () => {
    belt.worker('last', (input) =>
      input.assetId === 'dead'
        ? refuse()
        : Promise.reject(new StageError('STORE.UNAVAILABLE', 'Later.', { retry: { afterMs: 3_600_000 } })),
    );
    await belt.queues.add('last', [word('dead'), word('retried')]);
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ failed: 1, delayed: 1 }));
    const failure = await belt.queues.failureOf('last', 'dead');
    expect(failure).toMatchObject({ code: 'INGEST.TOO_LARGE', message: 'a.jpg has 9 bytes.', details: { bytes: 9 } });
    expect(stageErrorOf(failure!)).toMatchObject({
      code: 'INGEST.TOO_LARGE',
      message: 'a.jpg has 9 bytes.',
      retry: 'never',
      safeDetails: { bytes: 9 },
      remedy: failure!.remedy,
    });
    expect(await belt.queues.failureOf('last', 'retried')).toBeUndefined();
    expect(await belt.queues.failureOf('first', 'dead')).toBeUndefined();
  });
});
