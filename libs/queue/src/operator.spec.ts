import { StageError } from '@facelane/contracts';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadLetters, type DeadLetterEntry, type DeadLetterFilter } from './dead-letters.js';
import { failureOfJob } from './failure.record.js';
import { PipelineEvents, type PipelineEvent } from './pipeline.events.js';
import { readStatus } from './queue.status.js';
import { Belt, END, PASS } from './testing/belt.fixture.js';
import { startChild } from './testing/child.fixture.js';
import { StageQueues } from './stage.queues.js';
import { ASIDE, CHAIN, word } from './testing/pipeline.fixture.js';

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

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}`);

describe('DeadLetters', () => {
  const list = async (filter?: DeadLetterFilter): Promise<DeadLetterEntry[]> => {
    const entries: DeadLetterEntry[] = [];
    for await (const entry of new DeadLetters(belt.queues).list(filter)) entries.push(entry);
    return entries;
  };

  it('lists, filters by stage and code, and puts back what is asked for', async () => {
    const fail = (code: 'INGEST.EMPTY' | 'INGEST.TOO_LARGE') => () => Promise.reject(new StageError(code, 'No good.'));
    const workers = [belt.worker('first', fail('INGEST.EMPTY')), belt.worker('last', fail('INGEST.TOO_LARGE'))];
    // More than one page.
    await belt.queues.add(
      'first',
      ids(130).map((id) => word(id)),
    );
    await belt.queues.add('last', [word('z')]);
    await vi.waitFor(async () => {
      expect(await belt.counts('first')).toEqual({ failed: 130 });
      expect(await belt.counts('last')).toEqual({ failed: 1 });
    });
    await Promise.all(workers.map((worker) => worker.drain(0)));

    const all = await list();
    expect(all).toHaveLength(131);
    expect(new Set(all.map(({ jobId }) => jobId)).size).toBe(131);
    expect(all.at(-1)).toMatchObject({
      stage: 'last',
      jobId: 'last_z',
      attempts: 1,
      failure: { code: 'INGEST.TOO_LARGE', message: 'No good.' },
    });
    expect(all.at(-1)?.failedAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await list({ stage: 'last' })).toHaveLength(1);
    expect(await list({ code: 'INGEST.EMPTY' })).toHaveLength(130);
    expect(await list({ stage: 'last', code: 'INGEST.EMPTY' })).toEqual([]);

    const letters = new DeadLetters(belt.queues);
    expect(await letters.retry({ code: 'INGEST.TOO_LARGE' })).toBe(1);
    expect(await belt.counts('last')).toEqual({ wait: 1 });
    expect(await belt.counts('first')).toEqual({ failed: 130 });
    const [one, two] = await Promise.all([letters.retry(), letters.retry()]);
    expect(one + two).toBe(130);
    expect(await belt.counts('first')).toEqual({ wait: 130 });
  });

  it('says of a reason that another program wrote what it can', () => {
    const read = (failedReason: string, ...stacktrace: string[]) => failureOfJob({ failedReason, stacktrace });
    expect(read('some text')).toMatchObject({ code: 'QUEUE.UNEXPECTED', message: 'some text' });
    expect(read('some text', 'Error: some text\n    at')).toMatchObject({ message: 'some text' });
    expect(read('{"code":')).toMatchObject({ code: 'QUEUE.UNEXPECTED' });
    expect(read('')).toMatchObject({ message: 'No reason was recorded.' });
    const record = { code: 'NEW.CODE', message: 'm', remedy: 'r', details: {} };
    expect(read(JSON.stringify(record))).toEqual({ ...record, code: 'QUEUE.UNEXPECTED' });
  });

  it('of several tables are listed and put back together', async () => {
    const other = new StageQueues(ASIDE, belt.redis, belt.prefix);
    const fail = (): Promise<never> => Promise.reject(new StageError('INGEST.EMPTY', 'No good.'));
    const worker = belt.worker('last', fail);
    const aside = belt.worker('last', fail, { stage: ASIDE.stages.aside, queues: other });
    await belt.queues.add('last', [word('a')]);
    await other.add('aside', [word('b')]);
    await vi.waitFor(async () =>
      expect((await readStatus(belt.queues, other)).map(({ stage, dead }) => [stage, dead])).toEqual([
        ['first', 0],
        ['second', 0],
        ['last', 1],
        ['aside', 1],
      ]),
    );
    await Promise.all([worker.drain(0), aside.drain(0)]);
    const letters = new DeadLetters(belt.queues, other);
    const listed: string[] = [];
    for await (const { jobId } of letters.list()) listed.push(jobId);
    expect(listed).toEqual(['last_a', 'aside_b']);
    expect(await letters.retry()).toBe(2);
    expect((await readStatus(other))[0]).toMatchObject({ stage: 'aside', waiting: 1, dead: 0 });
    await other.close();
  });
});

describe('readStatus', () => {
  it('counts jobs by what they wait for, and the workers', async () => {
    await belt.queues.add('last', [word('a'), word('b'), word('c', { lane: 'bulk' })]);
    await belt.queues.add('first', [word('a')]);
    belt.worker('first', () => new Promise(() => undefined));
    belt.worker('second', () => Promise.reject(new StageError('INGEST.EMPTY', 'No bytes.')));
    await belt.queues.add('second', [word('a')]);
    await vi.waitFor(async () =>
      expect(await readStatus(belt.queues)).toEqual([
        { stage: 'first', waiting: 0, active: 1, delayed: 0, dead: 0, workers: 1 },
        { stage: 'second', waiting: 0, active: 0, delayed: 0, dead: 1, workers: 1 },
        { stage: 'last', waiting: 3, active: 0, delayed: 0, dead: 0, workers: 0 },
      ]),
    );
  });
});

describe('PipelineEvents', () => {
  let events: PipelineEvents;
  const seen: PipelineEvent[] = [];
  beforeEach(() => {
    seen.length = 0;
    events = new PipelineEvents(
      CHAIN,
      belt.redis,
      belt.prefix,
      (event) => seen.push(event),
      (error) => belt.errors.push(error),
    );
  });
  afterEach(() => events.close());

  it('tells of every step that comes after ready, and whether it was the last', async () => {
    belt.worker('first', PASS);
    await belt.queues.add('first', [word('before')]);
    await vi.waitFor(async () => expect(await belt.counts('second')).toEqual({ wait: 1 }));
    await vi.waitFor(async () => expect(await belt.counts('first')).toEqual({}));
    await events.ready();
    belt.worker('second', PASS);
    belt.worker('last', (input) =>
      input.assetId === 'bad' ? Promise.reject(new StageError('INGEST.EMPTY', 'No bytes.')) : END(input),
    );
    await belt.queues.add('second', [word('bad')]);
    await vi.waitFor(() => expect(seen).toHaveLength(4));
    expect(seen).toEqual(
      expect.arrayContaining([
        { stage: 'second', assetId: 'before', outcome: 'completed', final: false },
        { stage: 'last', assetId: 'before', outcome: 'completed', final: true },
        { stage: 'second', assetId: 'bad', outcome: 'completed', final: false },
        { stage: 'last', assetId: 'bad', outcome: 'failed', final: true },
      ]),
    );
    expect(belt.errors).toEqual([]);
  });

  it('sees what another process completes, and a retry is not an end', async () => {
    await events.ready();
    await belt.queues.add(
      'last',
      ids(3).map((id) => word(id)),
    );
    const child = startChild({
      url: server.url,
      prefix: belt.prefix,
      stage: 'last',
      mode: 'pass',
      graceMs: 100,
      tuning: {},
    });
    await vi.waitFor(() => expect(seen.map(({ assetId }) => assetId).sort()).toEqual(ids(3)), { timeout: 20_000 });
    await child.end('SIGTERM');
  });
});
