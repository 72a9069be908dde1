import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis, type TestRedis } from '@facelane/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rewriteAppendOnlyLog } from './append-only.log.js';

let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function isOnDisk(text: string): Promise<boolean> {
  const entries = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const bodies = await Promise.all(files.map((file) => readFile(file)));
  return bodies.some((body) => body.includes(text));
}

it('keeps what was deleted until it is written anew, and what was not', async () => {
  await redis.set('job', 'somebody-by-name');
  await redis.set('other', 'somebody-else');
  await redis.del('job');
  await expect.poll(() => isOnDisk('somebody-by-name')).toBe(true);
  expect(await rewriteAppendOnlyLog(redis)).toBe(true);
  expect(await isOnDisk('somebody-by-name')).toBe(false);
  expect(await isOnDisk('somebody-else')).toBe(true);
});

it('says when the server does not permit it', async () => {
  await redis.call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '+@all', '-bgrewriteaof');
  const limited = redis.duplicate({ username: 'limited', password: 'secret' });
  expect(await rewriteAppendOnlyLog(limited)).toBe(false);
  limited.disconnect();
});

it('has nothing to do where there is no such file', async () => {
  await redis.call('CONFIG', 'SET', 'appendonly', 'no');
  expect(await rewriteAppendOnlyLog(redis)).toBe(true);
});
