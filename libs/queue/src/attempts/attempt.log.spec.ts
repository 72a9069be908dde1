import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectProducer } from '../redis.connection.js';
import { AttemptLog } from './attempt.log.js';

let server: TestRedis;
let redis: Redis;
let prefix: string;
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
});

const parse = (entry: unknown): number => Number(entry);

async function readAll(log: AttemptLog, limit: number, fits: (n: number) => boolean = () => true): Promise<number[]> {
  const all: number[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await log.read('a', { after, limit, parse, fits });
    all.push(...items);
    if (next === undefined) return all;
    after = next;
  }
}

describe('the log of attempts', () => {
  it('is read newest first, page by page, by what is asked for, of each thing alone', async () => {
    const log = new AttemptLog(redis, prefix);
    for (let n = 1; n <= 7; n += 1) await log.append('a', n);
    await log.append('b', 100);
    expect(await readAll(log, 3)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await readAll(log, 2, (n) => n % 2 === 1)).toEqual([7, 5, 3, 1]);
    expect((await log.read('a', { limit: 9, sinceMs: Date.now() + 60_000, parse, fits: () => true })).items).toEqual(
      [],
    );
  });

  it('loses those that are to go, over any number of steps', async () => {
    const log = new AttemptLog(redis, prefix);
    await Promise.all(Array.from({ length: 1_100 }, (_, n) => log.append('a', n)));
    await log.append('b', 0);
    const even = (n: number): boolean => n % 2 === 0;
    let asked = 0;
    await log.deleteWhere('a', parse, (some) => {
      asked += some.length;
      return Promise.resolve(even);
    });
    expect(asked).toBe(1_100);
    const left = await readAll(log, 500);
    expect([left.length, left.some(even)]).toEqual([550, false]);
    expect((await log.read('b', { limit: 9, parse, fits: even })).items).toEqual([0]);
  });

  it('keeps so many, and none for longer than it should', async () => {
    const log = new AttemptLog(redis, prefix, { most: 100 });
    for (let n = 1; n <= 1_000; n += 1) await log.append('a', n);
    // Redis drops whole nodes of a stream, of a hundred entries by default.
    expect((await readAll(log, 500)).length).toBeLessThanOrEqual(200);
    const ttl = await redis.pttl(`${prefix}:attempts:a`);
    expect(ttl).toBeGreaterThan(29 * 24 * 60 * 60_000);
  });
});
