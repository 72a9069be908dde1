import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLog } from '../events/event.log.js';
import { connectProducer } from '../redis.connection.js';
import { event } from '../testing/events.fixture.js';
import { type Place, Places, type PlaceWish } from './places.js';

let server: TestRedis;
let redis: Redis;
let prefix: string;
let places: Places;
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
  places = new Places(redis, prefix);
});

const WISH: PlaceWish = { most: 2, holdMs: 60_000, room: 'any' };
const ask = (more: Partial<PlaceWish> = {}, thing = 'a'): ReturnType<Places['take']> =>
  places.take(thing, { ...WISH, ...more });
const taken = async (more?: Partial<PlaceWish>): Promise<Place> => {
  const place = await ask(more);
  if (place !== undefined && !('afterMs' in place)) return place;
  throw new Error(place === undefined ? 'forgotten' : `to be asked again after ${place.afterMs} ms`);
};
const refused = { afterMs: expect.any(Number) as number };

describe('places', () => {
  it('are as many as may be, of each thing, and free again when they are left', async () => {
    const [first] = [await taken(), await taken()];
    expect(await ask()).toEqual(refused);
    expect(await ask({}, 'b')).toMatchObject({ suspected: false });
    await first.leave('well', 10);
    await taken();
    expect(await ask()).toEqual(refused);
  });

  it('are for nobody whose event the log has forgotten', async () => {
    const log = new EventLog(redis, prefix);
    const [gone, kept] = [event(1, { body: '"a-da"' }), event(2)];
    await log.append('acme', [gone, kept]);
    await log.forget('acme', { texts: ['a-da'] });
    expect(await ask({ event: { tenant: 'acme', id: gone.id } })).toBeUndefined();
    expect(await ask({ event: { tenant: 'acme', id: kept.id } })).toMatchObject({ suspected: false });
    expect(await ask({ event: { tenant: 'globex', id: gone.id } })).toMatchObject({ suspected: false });
  });

  it('are given up by whoever is not heard of', async () => {
    await taken({ holdMs: 100 });
    await taken({ holdMs: 100 });
    expect(await ask()).toEqual(refused);
    await vi.waitFor(() => taken(), { timeout: 5_000, interval: 10 });
  });

  it('are taken no faster than the rate', async () => {
    await taken({ perSecond: 5 });
    const again = await ask({ perSecond: 5 });
    expect(again).toEqual(refused);
    await vi.waitFor(() => taken({ perSecond: 5 }), { timeout: 5_000, interval: 10 });
  });

  it('are none where the caller has no room, or none for what is suspected', async () => {
    expect(await ask({ room: 'none' })).toEqual(refused);
    const place = await taken({ room: 'trusted' });
    await place.leave('hung', 100);
    expect(await ask({ room: 'trusted' })).toEqual(refused);
    expect(await ask()).toMatchObject({ suspected: true });
  });

  it('grow again from one with each that went well', async () => {
    const most = 3;
    await (await taken({ most })).leave('hung', 1);
    const one = await taken({ most });
    expect(await ask({ most })).toEqual(refused);
    await one.leave('badly', 1);
    await (await taken({ most })).leave('well', 1);
    const two = [await taken({ most }), await taken({ most })];
    expect(await ask({ most })).toEqual(refused);
    for (const place of two) await place.leave('well', 1);
    for (let n = 0; n < most; n += 1) await taken({ most });
    expect(await ask({ most })).toEqual(refused);
  });

  it('are none while the thing wants to be left alone', async () => {
    await (await taken()).leave('busy', 1, 300);
    const again = await ask();
    expect(again).toEqual(refused);
    expect((again as { afterMs: number }).afterMs).toBeGreaterThan(200);
    await vi.waitFor(() => taken(), { timeout: 5_000, interval: 10 });
  });
});

describe('those who have to wait', () => {
  it('are spread over the time in which they can be served twice', async () => {
    const [first] = [await taken({ most: 1 })];
    await first.leave('badly', 10);
    await taken({ most: 1 });
    // One at a time, 10 ms each: 100 a second, and twice as many come back; fewer, but 20, the longer the one takes.
    const waits = [];
    for (let n = 0; n < 100; n += 1) waits.push(((await ask({ most: 1 })) as { afterMs: number }).afterMs);
    expect(Math.max(...waits)).toBeGreaterThan(200);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
  });

  it('come back often enough however slow the thing is', async () => {
    await (await taken({ most: 1 })).leave('hung', 15_000);
    await taken({ most: 1 });
    const { afterMs } = (await ask({ most: 1 })) as { afterMs: number };
    expect(afterMs).toBeLessThanOrEqual(51);
  });
});
