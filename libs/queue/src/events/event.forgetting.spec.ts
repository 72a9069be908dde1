import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectProducer } from '../redis.connection.js';
import { event, numbersOf, readAll } from '../testing/events.fixture.js';
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

/** Every third names Ada, every third Bo. */
const events = (count: number): ReturnType<typeof event>[] =>
  Array.from({ length: count }, (_, n) => event(n, { body: `{"n":${n},"who":"${['a-da', 'b-o', 'c'][n % 3]!}"}` }));
const left = async (): Promise<number[]> => numbersOf((await readAll(log, 'acme')).events);

describe('forget', () => {
  it('deletes what names somebody, over any number of steps, and leaves the rest in its order', async () => {
    await log.append('acme', events(1_600));
    await log.append('globex', events(3));
    expect(await log.forget('acme', { texts: ['a-da', 'b-o'] })).toBe(1_067);
    expect(await left()).toEqual(Array.from({ length: 533 }, (_, i) => 3 * i + 2));
    expect(await log.forget('acme', { texts: ['a-da', 'b-o'] })).toBe(0);
    expect(await log.forget('acme', { texts: [] })).toBe(0);
    expect((await readAll(log, 'globex')).events).toHaveLength(3);
  });

  it('spares types, and takes texts as they are', async () => {
    const given = [
      event(1, { body: '"a.da"' }),
      event(2, { body: '"a-da"', type: 'kept' }),
      event(3, { body: '"axda"' }),
    ];
    await log.append('acme', given);
    expect(await log.forget('acme', { texts: ['a.da', 'a-da'], sparing: ['kept'] })).toBe(1);
    expect(await left()).toEqual([2, 3]);
  });

  it('does not take back what it has deleted, until the log would have dropped it', async () => {
    await log.append('acme', events(3));
    await log.forget('acme', { texts: ['a-da'] });
    expect(await log.append('acme', events(3))).toEqual([]);
    expect(await left()).toEqual([1, 2]);
    const keys = new LogKeys(prefix);
    const brief = new EventLog(redis, prefix, { retentionMs: 1 });
    await vi.waitFor(async () => {
      await brief.trim();
      expect(await redis.hlen(keys.ids('acme'))).toBe(0);
    });
    expect(await redis.exists(keys.forgotten('acme'))).toBe(0);
  });

  it('keeps the cursors of readers, wherever they are', async () => {
    await log.append('acme', events(6));
    const { events: all } = await readAll(log, 'acme');
    await log.forget('acme', { texts: ['a-da', '"c"'] });
    await log.append('acme', [event(9)]);
    for (const { cursor } of all) {
      const at = all.findIndex((each) => each.cursor === cursor);
      const page = await log.read('acme', { after: cursor, limit: 10 });
      expect(numbersOf(page.events)).toEqual([1, 4, 9].filter((n) => n > at));
    }
    await log.forget('acme', { texts: ['n'] });
    const tail = await log.tail('acme');
    await log.append('acme', [event(10)]);
    expect(numbersOf((await log.read('acme', { after: tail, limit: 10 })).events)).toEqual([10]);
    expect(numbersOf((await log.read('acme', { after: all.at(-1)!.cursor, limit: 10 })).events)).toEqual([10]);
  });
});
