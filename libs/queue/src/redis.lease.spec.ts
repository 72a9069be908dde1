import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Redis } from 'ioredis';
import { connectWorker } from './redis.connection.js';
import { RedisLease } from './redis.lease.js';

let server: TestRedis;
let redis: Redis;
let other: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = connectWorker(server, () => undefined);
  other = connectWorker(server, () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  other.disconnect();
  await server.stop();
});
beforeEach(() => redis.flushall());

describe('RedisLease', () => {
  it('lets one holder in at a time, from whichever connection, with tokens that grow', async () => {
    const leases = [new RedisLease(redis, 'p'), new RedisLease(other, 'p')];
    const tokens: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        leases[i % 2]!.with('n', async (token) => {
          tokens.push(token);
          const value = Number(await redis.get('counter'));
          await redis.set('counter', value + 1);
        }),
      ),
    );
    expect(await redis.get('counter')).toBe('50');
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
    expect(new Set(tokens).size).toBe(50);
  });

  it('keeps apart things of different names', async () => {
    const lease = new RedisLease(redis, 'p');
    expect(await lease.with('a', () => lease.with('b', () => Promise.resolve('both')))).toBe('both');
  });

  it('is left to its holder by who only tries', async () => {
    const lease = new RedisLease(redis, 'p');
    const attempt = await lease.with('n', () =>
      new RedisLease(other, 'p').tryWith('n', () => Promise.reject(new Error('ran'))),
    );
    expect(attempt).toEqual({ taken: false });
    expect(await lease.tryWith('n', () => Promise.resolve('mine'))).toEqual({ taken: true, result: 'mine' });
  });

  it('gives tokens above one that is remembered elsewhere, also when Redis has lost its count', async () => {
    const lease = new RedisLease(redis, 'p');
    const tokenAbove = (above: number): Promise<number> =>
      lease.with('n', (token) => Promise.resolve(token), { above });
    expect(await tokenAbove(41)).toBe(42);
    expect(await tokenAbove(41)).toBe(43);
    await redis.flushall();
    expect(await tokenAbove(43)).toBe(44);
  });

  it('is free again when the work fails', async () => {
    const lease = new RedisLease(redis, 'p');
    await expect(lease.with('n', () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
    expect(await redis.exists('p:lease:n')).toBe(0);
  });

  it('of a holder that died ends by itself', async () => {
    const dying = connectWorker(server, () => undefined);
    const held = new RedisLease(dying, 'p', { leaseMs: 300 }).with('n', () => new Promise(() => undefined));
    held.catch(() => undefined);
    await vi.waitFor(async () => expect(await redis.exists('p:lease:n')).toBe(1));
    dying.disconnect();
    expect(await new RedisLease(redis, 'p').with('n', () => Promise.resolve('mine'))).toBe('mine');
  });

  it('is renewed for a holder who takes longer', async () => {
    const order: string[] = [];
    const begun = Promise.withResolvers<undefined>();
    const slow = new RedisLease(redis, 'p', { leaseMs: 200 }).with('n', async () => {
      begun.resolve(undefined);
      // Longer than the lease by the clock of Redis itself.
      const end = (await seconds()) + 0.7;
      await vi.waitFor(async () => expect(await seconds()).toBeGreaterThan(end), { timeout: 10_000 });
      order.push('slow');
    });
    await begun.promise;
    const next = new RedisLease(other, 'p').with('n', () => Promise.resolve(order.push('next')));
    await Promise.all([slow, next]);
    expect(order).toEqual(['slow', 'next']);
  });

  it('tells a holder who lost it, and does not take it from the next one', async () => {
    let aborted = false;
    const lost = new RedisLease(redis, 'p', { leaseMs: 60_000 }).with('n', async (_, signal) => {
      await redis.set('p:lease:n', 'somebody else');
      signal.addEventListener('abort', () => (aborted = true));
    });
    await expect(lost).rejects.toMatchObject({ code: 'QUEUE.LEASE_LOST', retry: 'backoff' });
    expect(aborted).toBe(true);
    expect(await redis.get('p:lease:n')).toBe('somebody else');
  });
});

async function seconds(): Promise<number> {
  const [whole, micros] = await redis.time();
  return Number(whole) + Number(micros) / 1e6;
}
