import { randomUUID } from 'node:crypto';
import { PIPELINE } from '@facelane/contracts';
import { type EventLog, PipelineBelt } from '@facelane/queue';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { event, numbersOf } from '../../../../queue/src/testing/events.fixture.js';
import { EventFeed, type FeedStep } from './event.feed.js';

let redis: TestRedis;
let belt: PipelineBelt;
let log: EventLog;
let feed: EventFeed;
let tenant: string;
beforeAll(async () => {
  redis = await startRedis();
  belt = await PipelineBelt.open(PIPELINE, 'producer', { url: redis.url, onError: () => undefined });
  log = belt.eventLog;
});
afterAll(async () => {
  await belt.close();
  await redis.stop();
});
beforeEach(() => {
  tenant = `t-${randomUUID()}`;
  feed = new EventFeed(log, 0);
});

const never = new AbortController().signal;
const now = { limit: 100, waitMs: 0 };
const append = (...numbers: readonly number[]): Promise<unknown> =>
  log.append(
    tenant,
    numbers.map((n) => event(n)),
  );

describe('a page', () => {
  it('has the events of several reads, and goes on where it ended', async () => {
    const all = Array.from({ length: 130 }, (_, n) => n);
    await append(...all);
    const first = await feed.page(tenant, {}, { ...now, limit: 120 }, never);
    const second = await feed.page(tenant, { after: first.next }, now, never);
    expect([first.end, second.end]).toEqual([false, true]);
    expect(numbersOf([...first.events, ...second.events])).toEqual(all);
  });

  it('ends when it has a megabyte', async () => {
    const body = 'x'.repeat(20_000);
    const large = Array.from({ length: 120 }, (_, n) => event(n, { body }));
    await log.append(tenant, large);
    const first = await feed.page(tenant, {}, { ...now, limit: 1_000 }, never);
    expect(first.events).toHaveLength(100);
    const rest = await feed.page(tenant, { after: first.next }, { ...now, limit: 1_000 }, never);
    expect(numbersOf([...first.events, ...rest.events])).toEqual(numbersOf(large));
  });

  it('from the latest has what comes from now on, and waits for it', async () => {
    await append(1);
    const { events, next, end } = await feed.page(tenant, { after: 'latest' }, now, never);
    expect([events, end]).toEqual([[], true]);
    const waiting = feed.page(tenant, { after: next }, { ...now, waitMs: 60_000, types: ['face.matched'] }, never);
    // Wakes it, and is not what it waits for.
    await append(2);
    await log.append(tenant, [event(3, { type: 'face.matched' })]);
    expect(numbersOf((await waiting).events)).toEqual([3]);
  });

  it('is empty when nothing comes, and gives up for a caller who has gone', async () => {
    const place = { after: await log.tail(tenant) };
    expect(await feed.page(tenant, place, { ...now, waitMs: 20 }, never)).toMatchObject({ events: [], end: true });
    const caller = new AbortController();
    const waiting = feed.page(tenant, place, { ...now, waitMs: 60_000 }, caller.signal);
    caller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });

  it('of a consumer has what he has not committed', async () => {
    await append(1, 2, 3);
    const read = async (): Promise<number[]> =>
      numbersOf((await feed.page(tenant, { consumer: 'a' }, now, never)).events);
    expect([await read(), await read()]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const { events } = await log.read(tenant, { limit: 2 });
    await log.consumers.set(tenant, 'a', events[1]!.cursor);
    expect(await read()).toEqual([3]);
  });

  it.each([
    ['none', 'EVENTS.CURSOR_INVALID'],
    [Buffer.from('0123456789ab.1-0').toString('base64url'), 'EVENTS.CURSOR_EXPIRED'],
  ])('after the cursor %s is refused', async (after, code) => {
    await expect(feed.page(tenant, { after }, now, never)).rejects.toMatchObject({ code });
  });
});

describe('following', () => {
  const start = async (place: object, filter: object, signal = never): Promise<AsyncGenerator<FeedStep, void>> =>
    feed.follow(tenant, await feed.first(tenant, place, filter), filter, signal);
  const numberOf = async (steps: AsyncGenerator<FeedStep, void>): Promise<number> => {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) throw new Error('It has ended.');
      if ('id' in step.value) return numbersOf([step.value])[0]!;
    }
  };

  it('tells what is there and what comes', async () => {
    await append(1, 2);
    const steps = await start({}, {});
    expect([await numberOf(steps), await numberOf(steps)]).toEqual([1, 2]);
    const third = numberOf(steps);
    await append(3);
    expect(await third).toBe(3);
    await steps.return(undefined);
  });

  it('tells first where it is, and how far it has looked while nothing fits', async () => {
    const steps = await start({ after: 'latest' }, { types: ['face.matched'] });
    const begun = (await steps.next()).value as FeedStep;
    expect(begun).toEqual({ cursor: await log.tail(tenant) });
    await append(1);
    expect((await steps.next()).value).toEqual({ cursor: await log.tail(tenant) });
    await steps.return(undefined);
  });

  it('ends when events were trimmed away before they were told, which who comes back is told', async () => {
    const short = new PipelineLog(3);
    await append(1);
    const steps = await start({}, {});
    const cursor = ((await steps.next()).value as FeedStep).cursor;
    await short.append(2, 3, 4, 5, 6);
    let last: IteratorResult<FeedStep, unknown>;
    do last = await steps.next();
    while (last.done !== true);
    await expect(start({ after: cursor }, {})).rejects.toMatchObject({ code: 'EVENTS.CURSOR_EXPIRED' });
    await short.close();
  });

  it('rejects when its signal aborts', async () => {
    const caller = new AbortController();
    const steps = await start({ after: 'latest' }, {}, caller.signal);
    await steps.next();
    const waiting = steps.next();
    caller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await vi.waitFor(async () => expect((await steps.next()).done).toBe(true));
  });
});

/** Appends to the same log, which keeps no more than so many events then. */
class PipelineLog {
  private readonly opening: Promise<PipelineBelt>;

  constructor(maxPerTenant: number) {
    const events = { maxPerTenant };
    this.opening = PipelineBelt.open(PIPELINE, 'producer', { url: redis.url, events, onError: () => undefined });
  }

  async append(...numbers: readonly number[]): Promise<void> {
    await (
      await this.opening
    ).eventLog.append(
      tenant,
      numbers.map((n) => event(n)),
    );
  }

  async close(): Promise<void> {
    await (await this.opening).close();
  }
}
