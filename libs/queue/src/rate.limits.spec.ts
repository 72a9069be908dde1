import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RateLimits } from './rate.limits.js';
import { connectProducer } from './redis.connection.js';

let server: TestRedis;
let redis: Redis;
let other: Redis;
let prefix: string;
beforeAll(async () => {
  server = await startRedis();
  [redis, other] = await Promise.all([
    connectProducer(server, () => undefined),
    connectProducer(server, () => undefined),
  ]);
});
afterAll(async () => {
  redis.disconnect();
  other.disconnect();
  await server.stop();
});
beforeEach(() => {
  prefix = `test-${randomUUID()}`;
});

describe('RateLimits', () => {
  it('allows as many points per minute as asked for, across processes, and says what is left', async () => {
    const limits = [new RateLimits(redis, prefix), new RateLimits(other, prefix)];
    const taken = await Promise.all(Array.from({ length: 30 }, (_, i) => limits[i % 2]!.consume('key', 20)));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(20);
    expect(new Set(taken.map(({ remaining }) => remaining))).toEqual(new Set(Array.from({ length: 20 }, (_, i) => i)));
    for (const { limit, resetSeconds } of taken) {
      expect(limit).toBe(20);
      expect(resetSeconds).toBeGreaterThan(50);
      expect(resetSeconds).toBeLessThanOrEqual(60);
    }
  });

  it('counts every key by itself, under the prefix, for a minute', async () => {
    const limits = new RateLimits(redis, prefix);
    expect(await limits.consume('a', 1)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await limits.consume('a', 1)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await limits.consume('b', 1)).toMatchObject({ allowed: true });
    expect(await redis.keys(`${prefix}:rate:*`)).toHaveLength(2);
    expect(await redis.pttl(`${prefix}:rate:a`)).toBeLessThanOrEqual(60_000);
    // As when the minute is over.
    await redis.del(`${prefix}:rate:a`);
    expect(await limits.consume('a', 1)).toMatchObject({ allowed: true });
  });

  it('goes by the limit that the key has now', async () => {
    const limits = new RateLimits(redis, prefix);
    await limits.consume('a', 1);
    expect(await limits.consume('a', 1)).toMatchObject({ allowed: false });
    expect(await limits.consume('a', 10)).toMatchObject({ allowed: true, remaining: 7 });
  });
});
