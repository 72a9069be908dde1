import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectProducer } from '../redis.connection.js';
import { event } from '../testing/events.fixture.js';
import { EventLog } from './event.log.js';

let server: TestRedis;
let redis: Redis;
let log: EventLog;
/** Behind the first event, the second, … */
let cursors: string[];
beforeAll(async () => {
  server = await startRedis();
  redis = await connectProducer(server, () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  log = new EventLog(redis, `test-${randomUUID()}`);
  await log.append('acme', [event(0), event(1), event(2)]);
  cursors = (await log.read('acme', { limit: 3 })).events.map(({ cursor }) => cursor);
});

describe('the cursor of a consumer', () => {
  it('goes forward only, unless it is told to go back', async () => {
    const [first, second, third] = cursors as [string, string, string];
    const { consumers } = log;
    expect(await consumers.get('acme', 'a')).toBeUndefined();
    expect(await consumers.set('acme', 'a', second)).toBe(true);
    expect(await consumers.set('acme', 'a', first)).toBe(false);
    expect(await consumers.set('acme', 'a', second)).toBe(false);
    expect(await consumers.get('acme', 'a')).toBe(second);
    expect(await consumers.set('acme', 'a', third)).toBe(true);
    expect(await consumers.set('acme', 'a', first, { force: true })).toBe(true);
    expect(await consumers.get('acme', 'a')).toBe(first);
  });

  it('ends at the foremost of acknowledgements that overtake each other', async () => {
    const shuffled = [2, 0, 1, 2, 1].map((at) => cursors[at]!);
    const kept = await Promise.all(shuffled.map((cursor) => log.consumers.set('acme', 'a', cursor)));
    expect(kept).toEqual([true, false, false, false, false]);
    expect(await log.consumers.get('acme', 'a')).toBe(cursors[2]);
  });

  it('is listed by name, of this tenant, and forgotten', async () => {
    await log.consumers.set('acme', 'b', cursors[0]!);
    await log.consumers.set('acme', 'a', cursors[1]!);
    await log.append('globex', [event(0)]);
    await log.consumers.set('globex', 'c', await log.tail('globex'));
    expect(await log.consumers.list('acme')).toEqual([
      { name: 'a', cursor: cursors[1] },
      { name: 'b', cursor: cursors[0] },
    ]);
    expect(await log.consumers.delete('acme', 'a')).toBe(true);
    expect(await log.consumers.delete('acme', 'a')).toBe(false);
    expect(await log.consumers.list('acme')).toHaveLength(1);
  });

  it('of another log is refused, and one that is none', async () => {
    await log.append('globex', [event(0)]);
    const other = await log.tail('globex');
    await expect(log.consumers.set('acme', 'a', other)).rejects.toMatchObject({ code: 'EVENTS.CURSOR_EXPIRED' });
    await expect(log.consumers.set('acme', 'a', '1-0')).rejects.toMatchObject({ code: 'EVENTS.CURSOR_INVALID' });
    expect(await log.consumers.list('acme')).toEqual([]);
  });

  it('is kept of no more consumers than may be, beside those of the product itself', async () => {
    const [first, second] = cursors as [string, string];
    const set = (name: string, cursor = first): Promise<boolean> =>
      log.consumers.set('acme', name, cursor, { most: 2 });
    await log.consumers.set('acme', '_own', first);
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => set(name)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    await expect(set('e')).rejects.toMatchObject({ code: 'EVENTS.CONSUMERS_FULL' });
    expect(await set('a', second)).toBe(true);
    await log.consumers.delete('acme', 'b');
    expect(await set('e')).toBe(true);
  });
});
