import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectProducer } from '../redis.connection.js';
import { event, numbersOf, readAll } from '../testing/events.fixture.js';
import { writeCursor } from './event.cursor.js';
import { EventLog } from './event.log.js';
import { LogKeys } from './log.keys.js';

let server: TestRedis;
let redis: Redis;
let prefix: string;
let log: EventLog;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectProducer(server, () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => {
  prefix = `test-${randomUUID()}`;
  log = new EventLog(redis, prefix);
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const events = (from: number, to: number): ReturnType<typeof event>[] => range(from, to).map((n) => event(n));
const expired = (why: string): unknown =>
  expect.objectContaining({ code: 'EVENTS.CURSOR_EXPIRED', retry: 'never', safeDetails: { tenant: 'acme', why } });

describe('append', () => {
  it('keeps the order it was given, each event once and where it was first', async () => {
    expect(numbersOf(await log.append('acme', [event(3), event(1), event(3)]))).toEqual([3, 1]);
    expect(numbersOf(await log.append('acme', [event(2), event(1, { body: '"another"' })]))).toEqual([2]);
    expect(await log.append('acme', [event(1)])).toEqual([]);
    expect(await log.append('acme', [])).toEqual([]);
    const { events: all } = await readAll(log, 'acme');
    expect(numbersOf(all)).toEqual([3, 1, 2]);
    expect(all[1]?.body).toBe('{"n":1}');
  });

  it('hands back what it was given, whatever characters are in it', async () => {
    const given = [event(1, { body: '{"a":"é😀\\u0000\\n"}', collection: 'party' }), event(2, { type: 'x', body: '' })];
    await log.append('acme', given);
    const { events: all } = await readAll(log, 'acme');
    expect(all).toEqual(given.map((one) => ({ ...one, cursor: expect.any(String) as string })));
  });

  it('keeps tenants apart and knows them', async () => {
    await log.append('globex', [event(1)]);
    await log.append('acme', [event(1)]);
    await log.tail('only-looked');
    expect(await log.tenants()).toEqual(['acme', 'globex']);
    expect(numbersOf((await readAll(log, 'acme')).events)).toEqual([1]);
    await expect(log.read('acme', { after: await log.tail('globex'), limit: 1 })).rejects.toEqual(expired('lost'));
  });

  it('keeps what a script touches in one slot of a cluster', async () => {
    await log.append('acme', [event(1)]);
    await log.consumers.set('acme', 'a', await log.tail('acme'));
    const keys = (await redis.keys(`${prefix}:*`)).filter((key) => key !== new LogKeys(prefix).tenants);
    expect(keys).toHaveLength(4);
    // What Redis hashes is what is between the first braces.
    expect(keys.map((key) => /\{(.*?)\}/.exec(key)?.[1])).toEqual(keys.map(() => 'acme'));
    expect(new LogKeys('{facelane}').stream('acme')).toBe('{facelane}:events:{acme}:log');
  });

  it('does not fail where publishing is forbidden', async () => {
    await redis.call('ACL', 'SETUSER', 'quiet', 'on', '>secret', '~*', '+@all', '-publish', 'resetchannels');
    const quiet = redis.duplicate({ username: 'quiet', password: 'secret', lazyConnect: true });
    await quiet.connect();
    expect(await new EventLog(quiet, prefix).append('acme', [event(1)])).toHaveLength(1);
    quiet.disconnect();
  });
});

describe('read', () => {
  it('goes on behind any cursor: of a page, of an event, of the tail, of a log that is empty', async () => {
    const empty = await log.read('acme', { limit: 10 });
    expect(empty).toMatchObject({ events: [], end: true });
    const before = await log.tail('acme');
    await log.append('acme', events(0, 5));
    const tail = await log.tail('acme');
    await log.append('acme', events(5, 7));
    const page = await log.read('acme', { limit: 2 });
    expect(page.end).toBe(false);
    const after = async (cursor: string): Promise<number[]> =>
      numbersOf((await log.read('acme', { after: cursor, limit: 10 })).events);
    expect(await after(empty.next)).toEqual(range(0, 7));
    expect(await after(before)).toEqual(range(0, 7));
    expect(await after(page.next)).toEqual(range(2, 7));
    expect(await after(page.events[0]!.cursor)).toEqual(range(1, 7));
    expect(await after(tail)).toEqual([5, 6]);
    const end = await log.read('acme', { after: tail, limit: 2 });
    expect(end.end).toBe(true);
    expect(await log.read('acme', { after: end.next, limit: 2 })).toEqual({ events: [], next: end.next, end: true });
  });

  it('finds types and collections', async () => {
    const party = { collection: 'party' };
    await log.append('acme', [event(0), event(1, party), event(2, { type: 'b', ...party }), event(3, { type: 'c' })]);
    const found = async (filter: object): Promise<number[]> => numbersOf((await readAll(log, 'acme', filter)).events);
    expect(await found({ collection: 'party' })).toEqual([1, 2]);
    expect(await found({ types: ['b', 'c', 'd'] })).toEqual([2, 3]);
    expect(await found({ types: ['b', 'c'], collection: 'party' })).toEqual([2]);
    expect(await found({ types: ['asset'] })).toEqual([]);
    expect(await found({ collection: 'party', limit: 1 })).toEqual([1, 2]);
  });

  it('looks at 5 000 events at most, and says where it stopped', async () => {
    for (let n = 0; n < 6_000; n += 500) await log.append('acme', events(n, n + 500));
    await log.append('acme', [event(6_000, { type: 'rare' })]);
    const first = await log.read('acme', { limit: 10, types: ['rare'] });
    expect(first).toMatchObject({ events: [], end: false });
    const [at] = (await log.read('acme', { after: first.next, limit: 1 })).events;
    expect(numbersOf([at!])).toEqual([5_000]);
    const second = await log.read('acme', { after: first.next, limit: 10, types: ['rare'] });
    expect([numbersOf(second.events), second.end]).toEqual([[6_000], true]);
    // No filter: every page is full, also above what one script looks at.
    expect((await log.read('acme', { limit: 1_200 })).events).toHaveLength(1_200);
  });

  it('refuses what is no cursor', async () => {
    await expect(log.read('acme', { after: '17-0', limit: 1 })).rejects.toMatchObject({
      code: 'EVENTS.CURSOR_INVALID',
    });
    await expect(log.wait('acme', '17-0', 1)).rejects.toMatchObject({ code: 'EVENTS.CURSOR_INVALID' });
  });

  it('goes on at the end when a crash took back the entries before the cursor', async () => {
    await log.append('acme', events(0, 2));
    const [epoch] = Buffer.from(await log.tail('acme'), 'base64url')
      .toString()
      .split('.');
    const ahead = writeCursor({ epoch: epoch!, id: `${Date.now() + 3_600_000}-0` });
    const page = await log.read('acme', { after: ahead, limit: 10 });
    expect(page).toEqual({ events: [], next: await log.tail('acme'), end: true });
    await log.append('acme', events(2, 3));
    expect(numbersOf((await log.read('acme', { after: page.next, limit: 10 })).events)).toEqual([2]);
  });

  it('still answers when the memory of Redis is full', async () => {
    await log.append('acme', events(0, 2));
    await redis.config('SET', 'maxmemory', '1');
    try {
      await expect(log.append('acme', events(2, 3))).rejects.toThrow('OOM');
      expect(numbersOf((await log.read('acme', { limit: 10 })).events)).toEqual([0, 1]);
    } finally {
      await redis.config('SET', 'maxmemory', '0');
    }
  });
});

describe('a cursor', () => {
  it('expires when an event behind it is trimmed away, and not before', async () => {
    const small = new EventLog(redis, prefix, { maxPerTenant: 3 });
    const before = await small.tail('acme');
    const cursors: string[] = [];
    for (const n of range(0, 3)) {
      await small.append('acme', [event(n)]);
      cursors.push(await small.tail('acme'));
    }
    expect(numbersOf((await small.read('acme', { after: before, limit: 9 })).events)).toEqual([0, 1, 2]);
    await small.append('acme', [event(3)]);
    await expect(small.read('acme', { after: before, limit: 9 })).rejects.toEqual(expired('trimmed'));
    await expect(small.wait('acme', before, 60_000)).rejects.toEqual(expired('trimmed'));
    expect(numbersOf((await small.read('acme', { after: cursors[0]!, limit: 9 })).events)).toEqual([1, 2, 3]);
    expect(numbersOf((await small.read('acme', { limit: 9 })).events)).toEqual([1, 2, 3]);
  });

  it('of the end stays good when everything was trimmed away', async () => {
    await log.append('acme', events(0, 4));
    const tail = await log.tail('acme');
    const hasty = new EventLog(redis, prefix, { retentionMs: 0 });
    // By Redis' clock, in whole milliseconds.
    await vi.waitFor(async () => {
      await hasty.trim();
      expect(await redis.xlen(new LogKeys(prefix).stream('acme'))).toBe(0);
    });
    expect(await log.tail('acme')).toBe(tail);
    expect(await log.read('acme', { limit: 9 })).toEqual({ events: [], next: tail, end: true });
    await log.append('acme', events(4, 5));
    expect(numbersOf((await log.read('acme', { after: tail, limit: 9 })).events)).toEqual([4]);
  });

  it('of a log that is gone is expired, whatever is in the next one', async () => {
    await log.append('acme', events(0, 2));
    const cursor = await log.tail('acme');
    await redis.flushall();
    await expect(log.read('acme', { after: cursor, limit: 9 })).rejects.toEqual(expired('lost'));
    await log.append('acme', events(0, 5));
    await expect(log.read('acme', { after: cursor, limit: 9 })).rejects.toEqual(expired('lost'));
    await expect(log.wait('acme', cursor, 60_000)).rejects.toEqual(expired('lost'));
    await expect(log.consumers.set('acme', 'a', cursor, { force: true })).rejects.toEqual(expired('lost'));
    expect(await log.tenants()).toEqual(['acme']);
  });
});

describe('trimming', () => {
  it('forgets an event with its id, which is new then', async () => {
    const small = new EventLog(redis, prefix, { maxPerTenant: 2 });
    await small.append('acme', events(0, 4));
    expect(await redis.hlen(new LogKeys(prefix).ids('acme'))).toBe(2);
    expect(numbersOf(await small.append('acme', [event(3), event(0)]))).toEqual([0]);
    expect(numbersOf((await readAll(small, 'acme')).events)).toEqual([3, 0]);
  });

  it('by an append drops more than it adds while there is too much, and the chore drops the rest everywhere', async () => {
    for (const tenant of ['acme', 'globex']) {
      for (let n = 0; n < 1_500; n += 500) await log.append(tenant, events(n, n + 500));
    }
    const small = new EventLog(redis, prefix, { maxPerTenant: 10 });
    const length = (tenant: string): Promise<number> => redis.xlen(new LogKeys(prefix).stream(tenant));
    await small.append('acme', [event(1_500)]);
    const left = await length('acme');
    expect(left).toBeLessThan(1_500);
    expect(left).toBeGreaterThan(1_000);
    expect(await small.trim()).toBe(left - 10 + 1_490);
    expect([await length('acme'), await length('globex')]).toEqual([10, 10]);
    expect(await small.trim()).toBe(0);
    await expect(small.trim(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('keeps what is young enough', async () => {
    await log.append('acme', events(0, 3));
    expect(await log.trim()).toBe(0);
    expect(numbersOf((await readAll(log, 'acme')).events)).toEqual([0, 1, 2]);
  });
});
