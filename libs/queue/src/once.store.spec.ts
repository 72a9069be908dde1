import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { OnceStore } from './once.store.js';
import { connectProducer } from './redis.connection.js';

let server: TestRedis;
let redis: Redis;
let prefix: string;
let store: OnceStore;
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
  store = new OnceStore(redis, prefix);
});

describe('OnceStore', () => {
  it('lets one begin, tells the others that it runs, and then the answer', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.begin('k', 'f')));
    expect(outcomes.filter(({ outcome }) => outcome === 'fresh')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'running')).toHaveLength(49);
    await store.finish('k', { id: 1, names: ['a'] });
    expect(await store.begin('k', 'f')).toEqual({ outcome: 'done', value: { id: 1, names: ['a'] } });
    await store.finish('k', 'another');
    await store.abandon('k');
    expect(await store.begin('k', 'f')).toMatchObject({ value: { id: 1 } });
  });

  it('refuses a key that was used for something else, done or running', async () => {
    await store.begin('k', 'f');
    expect(await store.begin('k', 'other')).toEqual({ outcome: 'conflict' });
    await store.finish('k', undefined);
    expect(await store.begin('k', 'other')).toEqual({ outcome: 'conflict' });
    expect(await store.begin('k', 'f')).toEqual({ outcome: 'done', value: undefined });
    expect(await store.begin('another', 'other')).toEqual({ outcome: 'fresh' });
  });

  it('lets another begin what was given up', async () => {
    await store.begin('k', 'f');
    await store.abandon('k');
    expect(await store.begin('k', 'other')).toEqual({ outcome: 'fresh' });
  });

  it('lets another begin when the first was not heard of again, and still takes a late answer', async () => {
    const hasty = new OnceStore(redis, prefix, { runningMs: 40 });
    await hasty.begin('k', 'f');
    await vi.waitFor(async () => expect(await hasty.begin('k', 'f')).toEqual({ outcome: 'fresh' }), { interval: 20 });
    await vi.waitFor(async () => expect(await hasty.begin('k', 'new')).toEqual({ outcome: 'fresh' }), { interval: 20 });
    await hasty.finish('k', 'late');
    expect(await hasty.begin('k', 'new')).toEqual({ outcome: 'done', value: 'late' });
  });

  it('forgets after a while, by default a day', async () => {
    const left = async (): Promise<number> => redis.pttl((await redis.keys(`${prefix}:once:*`))[0] ?? '');
    await store.begin('k', 'f');
    await store.finish('k', 1);
    expect(await left()).toBeGreaterThan(23 * 3_600_000);
    expect(await left()).toBeLessThanOrEqual(24 * 3_600_000);
    await store.begin('short', 'f', 30);
    await store.finish('short', 1);
    await vi.waitFor(async () => expect(await redis.keys(`${prefix}:once:*`)).toHaveLength(1));
    expect(await store.begin('short', 'f')).toEqual({ outcome: 'fresh' });
  });

  it('keeps nothing that can be read in Redis', async () => {
    await store.begin('key-of-ada', 'f');
    await store.finish('key-of-ada', { name: 'Ada Lovelace' });
    const [name = ''] = await redis.keys(`${prefix}:once:*`);
    const text = name + JSON.stringify(await redis.hgetall(name));
    expect(text).toContain('fingerprint');
    expect(text).not.toMatch(/ada|lovelace/i);
  });
});
