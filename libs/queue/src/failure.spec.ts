import { StageError } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeadLetter, StageRun } from './stage.hooks.js';
import { Belt, END } from './testing/belt.fixture.js';
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

/** Fails every run with `error`; tells what became of it. */
async function failing(error: unknown) {
  const letters: { letter: DeadLetter; countsThen: Record<string, number> }[] = [];
  const runs: StageRun[] = [];
  belt.worker('last', () => Promise.reject(error as Error), {
    onRun: (run) => runs.push(run),
    onDeadLetter: async (letter) => void letters.push({ letter, countsThen: await belt.counts('last') }),
  });
  await belt.queues.add('last', [word('a')]);
  await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ failed: 1 }));
  return { letters, runs };
}

/** The wait of a job that is between two attempts, once it is. */
const delayOf = (jobId: string): Promise<number> =>
  vi.waitFor(async () => {
    const job = await belt.queues.queue('last').getJob(jobId);
    expect(await job?.getState()).toBe('delayed');
    return job!.delay;
  });

describe('a failure', () => {
  it('that may never be retried is a dead letter at once, told before it is one', async () => {
    const { letters, runs } = await failing(
      new StageError('INGEST.TOO_LARGE', 'a.jpg has 9 bytes.', { safeDetails: { bytes: 9 } }),
    );
    const failure = {
      code: 'INGEST.TOO_LARGE',
      message: 'a.jpg has 9 bytes.',
      remedy: expect.stringContaining('IMAGING_MAX_BYTES') as string,
      details: { bytes: 9 },
    };
    expect(letters).toEqual([
      { letter: { stage: 'last', data: word('a'), attempts: 1, failure }, countsThen: { active: 1 } },
    ]);
    expect(runs).toMatchObject([{ stage: 'last', assetId: 'a', attempt: 1, outcome: 'failed', failure }]);
  });

  it.each([
    ['of a kind nobody foresaw', new TypeError('x is not a function'), 'QUEUE.UNEXPECTED'],
    ['that is worth a retry', new StageError('STORE.UNAVAILABLE', 'No answer.'), 'STORE.UNAVAILABLE'],
  ])('%s is retried until the attempts are used up', async (_, error, code) => {
    const { letters, runs } = await failing(error);
    expect(runs.map((run) => run.attempt)).toEqual([1, 2, 3]);
    expect(letters).toMatchObject([{ letter: { attempts: 3, failure: { code, message: error.message } } }]);
  });

  it('that names its own delay waits that long', async () => {
    belt.worker('last', () =>
      Promise.reject(new StageError('STORE.UNAVAILABLE', 'Later.', { retry: { afterMs: 3_600_000 } })),
    );
    await belt.queues.add('last', [word('a')]);
    expect(await delayOf('last_a')).toBe(3_600_000);
  });

  it('without a delay of its own waits by the policy of the stage', async () => {
    const retry = { attempts: 3, baseDelayMs: 60_000, maxDelayMs: 90_000 };
    belt.worker('last', () => Promise.reject(new Error('boom')), { stage: { ...CHAIN.stages.last, retry } });
    await belt.queues.add('last', [word('a')]);
    const first = await delayOf('last_a');
    expect(first).toBeGreaterThanOrEqual(30_000);
    expect(first).toBeLessThanOrEqual(60_000);
    await (await belt.queues.queue('last').getJob('last_a'))?.promote();
    await vi.waitFor(async () => expect((await belt.queues.queue('last').getJob('last_a'))?.attemptsMade).toBe(2));
    const second = await delayOf('last_a');
    expect(second).toBeGreaterThanOrEqual(45_000);
    expect(second).toBeLessThanOrEqual(90_000);
  });

  it('of the hook is reported and does not keep the job', async () => {
    belt.worker('last', () => Promise.reject(new StageError('INGEST.EMPTY', 'Empty.')), {
      onDeadLetter: () => Promise.reject(new Error('the book is shut')),
    });
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ failed: 1 }));
    expect(belt.errors.map((error) => error.message)).toEqual(['the book is shut']);
  });

  it('by worker after worker dying on the job is a dead letter, and a retry forgets the deaths', async () => {
    const letters: DeadLetter[] = [];
    const done: string[] = [];
    await belt.queues.add('last', [word('a')]);
    await belt.redis.hset(belt.queues.queue('last').toKey('last_a'), 'stc', 11);
    belt.worker(
      'last',
      (input) => {
        done.push(input.assetId);
        return END(input);
      },
      { onDeadLetter: (letter) => Promise.resolve(void letters.push(letter)) },
    );
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({ failed: 1 }));
    expect(letters).toMatchObject([{ failure: { code: 'QUEUE.STALLED', details: { times: 11 } } }]);
    const [job] = await belt.queues.queue('last').getFailed();
    expect(await belt.queues.revive('last', job!)).toBe(true);
    await vi.waitFor(() => expect(done).toEqual(['a']));
  });
});

describe('a handler that takes too long', () => {
  it('has its signal aborted, fails with QUEUE.TIMEOUT and is run again', async () => {
    const reasons: unknown[] = [];
    belt.worker(
      'last',
      (input, { signal, attempt }) =>
        attempt === 2
          ? END(input)
          : new Promise<never>((_, reject) => {
              signal.addEventListener('abort', () => {
                reasons.push(signal.reason);
                reject(new Error('whatever the handler makes of it'));
              });
            }),
      { tuning: { timeoutMs: 30 } },
    );
    await belt.queues.add('last', [word('a')]);
    await vi.waitFor(() => expect(reasons).toMatchObject([{ code: 'QUEUE.TIMEOUT' }]));
    await vi.waitFor(async () => expect(await belt.counts('last')).toEqual({}));
  });

  it('and ignores the signal does not hold the job, nor move the asset on when it ends after all', async () => {
    const late = Promise.withResolvers<undefined>();
    const runs: StageRun[] = [];
    belt.worker('first', async (input) => (await late.promise, input), {
      tuning: { timeoutMs: 30 },
      onRun: (run) => runs.push(run),
    });
    await belt.queues.add('first', [word('a')]);
    await vi.waitFor(async () => expect(await belt.counts('first')).toEqual({ failed: 1 }));
    expect(runs.map((run) => run.failure?.code)).toEqual(['QUEUE.TIMEOUT', 'QUEUE.TIMEOUT', 'QUEUE.TIMEOUT']);
    late.resolve(undefined);
    await new Promise(setImmediate);
    await belt.redis.ping();
    expect(await belt.counts('second')).toEqual({});
  });
});
