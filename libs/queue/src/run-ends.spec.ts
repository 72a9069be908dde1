import { StageError } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runsOfNowEnded } from './run-ends.js';
import { Belt, END } from './testing/belt.fixture.js';
import { startChild } from './testing/child.fixture.js';
import { CHAIN, word, type Word } from './testing/pipeline.fixture.js';

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

const settled = (signal?: AbortSignal, stage: { name: string; timeoutMs: number } = CHAIN.stages.last): Promise<void> =>
  runsOfNowEnded(belt.redis, belt.queues.queue('last'), stage, signal);

/** Runs that end when they are let go, in the order of their beginning. */
class Gates {
  readonly begun: string[] = [];
  private readonly gates: PromiseWithResolvers<undefined>[] = [];

  readonly pass = async (id: string): Promise<void> => {
    const gate = Promise.withResolvers<undefined>();
    this.begun.push(id);
    this.gates.push(gate);
    await gate.promise;
  };

  async open(n: number): Promise<void> {
    await vi.waitFor(() => expect(this.gates.length).toBeGreaterThan(n));
    this.gates[n]!.resolve(undefined);
  }

  openAll(): void {
    for (const gate of this.gates) gate.resolve(undefined);
  }
}

describe('runs of now', () => {
  it('are waited for, later ones and those that wait are not', async () => {
    const gates = new Gates();
    belt.worker('last', async (input) => (await gates.pass(input.assetId), END(input)));
    await settled();
    await belt.queues.add('last', [word('a'), word('b')]);
    await belt.queues.add('last', [word('later')], { delayMs: 3_600_000 });
    await vi.waitFor(() => expect(gates.begun).toHaveLength(2));
    let done = false;
    const waiting = settled().then(() => (done = true));
    await belt.queues.add('last', [word('c')]);
    await vi.waitFor(() => expect(gates.begun).toHaveLength(3));
    await gates.open(0);
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ active: 2, delayed: 1 }));
    expect(done).toBe(false);
    await gates.open(1);
    await waiting;
    expect(await belt.counts('last')).toEqual({ active: 1, delayed: 1 });
    gates.openAll();
  });

  it('have ended when their job is run again', async () => {
    const gates = new Gates();
    belt.worker('last', async (input, { attempt }) => {
      await gates.pass(input.assetId);
      if (attempt === 1) throw new StageError('STORE.UNAVAILABLE', 'Later.', { retry: { afterMs: 2 } });
      return END(input);
    });
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(() => expect(gates.begun).toHaveLength(1));
    const waiting = settled();
    await gates.open(0);
    await vi.waitFor(() => expect(gates.begun).toHaveLength(2));
    await waiting;
    gates.openAll();
  });

  it('have ended when their job is handed back, also when another worker begins it anew', async () => {
    const gates = new Gates();
    const work = async (input: Word): Promise<{ assetId: string }> => (await gates.pass(input.assetId), END(input));
    const first = belt.worker('last', work);
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(() => expect(gates.begun).toHaveLength(1));
    const waiting = settled();
    await first.drain(0);
    belt.worker('last', work);
    await vi.waitFor(() => expect(gates.begun).toHaveLength(2));
    await waiting;
    gates.openAll();
  });

  it('of a worker that died have ended with their lock', async () => {
    const tuning = { lockMs: 500 };
    const child = startChild({ url: server.url, prefix: belt.prefix, stage: 'last', mode: 'hang', graceMs: 0, tuning });
    await belt.queues.add('last', [word('a')]);
    await child.started(1);
    await child.end('SIGKILL');
    await settled();
    expect(await belt.counts('last')).toEqual({ active: 1 });
  });

  it('are not waited for for ever', async () => {
    const gates = new Gates();
    belt.worker('last', async (input) => (await gates.pass(input.assetId), END(input)));
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(() => expect(gates.begun).toHaveLength(1));
    await expect(settled(undefined, { name: 'last', timeoutMs: 40 })).rejects.toMatchObject({ code: 'QUEUE.TIMEOUT' });
    await expect(settled(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    gates.openAll();
  });
});
