import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '@facelane/contracts';
import { parseRedisUrl, RedisClient } from './client/redis.client.js';
import { ensureRedis, startServerOn, type EnsuredRedis } from './index.js';

const FIXTURE = resolve(import.meta.dirname, '../../../dist/libs/local-redis/src/testing/redis-user.fixture.js');

let dataDir: string;
let warnings: string[];
const log = { info: () => undefined, warn: (line: string) => void warnings.push(line) };
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  warnings = [];
  dataDir = await mkdtemp(join(tmpdir(), 'facelane-local-redis-'));
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await rm(dataDir, { recursive: true, force: true });
});

async function ensure(options: { url?: string; dataDir?: string } = {}): Promise<EnsuredRedis> {
  const redis = await ensureRedis({ dataDir, log, ...options });
  cleanups.push(() => redis.stop());
  return redis;
}

async function call(url: string, ...command: string[]): Promise<unknown> {
  const client = await RedisClient.open(parseRedisUrl(url), 5_000);
  try {
    return await client.call(command);
  } finally {
    client.close();
  }
}

interface User {
  readonly url: string;
  readonly origin: string;
  readonly child: ChildProcess;
}

/** Another process that uses the same data folder. */
async function startUser(): Promise<User> {
  const child = spawn(process.execPath, [FIXTURE, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { ...(JSON.parse(line.toString()) as { url: string; origin: string }), child };
}

async function end({ child }: User, how: 'leave' | 'kill'): Promise<void> {
  const exited = once(child, 'exit');
  if (how === 'leave') child.stdin?.write('leave\n');
  else child.kill('SIGKILL');
  await exited;
}

async function killServer(url: string): Promise<void> {
  const client = await RedisClient.open(parseRedisUrl(url), 5_000);
  const pid = Number(/process_id:(\d+)/.exec(String(await client.call(['INFO', 'server'])))?.[1]);
  process.kill(pid, 'SIGKILL');
  await client.closed;
}

describe('a private Redis', () => {
  it('listens on the loopback interface with a password, keeps its data and throws no job away', async () => {
    const redis = await ensure();
    expect(redis.origin).toBe('started');
    const { host, port } = parseRedisUrl(redis.url);
    expect(host).toBe('127.0.0.1');
    await expect(call(redis.url, 'CONFIG', 'GET', 'maxmemory-policy')).resolves.toContain('noeviction');
    await expect(call(redis.url, 'CONFIG', 'GET', 'appendonly')).resolves.toContain('yes');
    await expect(call(redis.url, 'CONFIG', 'GET', 'bind')).resolves.toContain('127.0.0.1');
    await expect(call(`redis://${host}:${port}`, 'PING')).rejects.toThrow('NOAUTH');
    for (const file of ['redis.conf', 'instance.json']) {
      expect((await stat(join(dataDir, 'redis', file))).mode & 0o077).toBe(0);
    }
  });

  it('is gone after stop and has its data at the next start', async () => {
    const first = await ensure();
    await call(first.url, 'SET', 'job', '1');
    await first.stop();
    await first.stop();
    await expect(call(first.url, 'PING')).rejects.toThrow('ECONNREFUSED');
    const second = await ensure();
    expect(second.origin).toBe('started');
    await expect(call(second.url, 'GET', 'job')).resolves.toBe('1');
  });

  it('is shared by processes on one data folder until the last leaves', async () => {
    const owner = await startUser();
    const redis = await ensure();
    expect([owner.origin, redis.origin]).toEqual(['started', 'reused']);
    expect(redis.url).toBe(owner.url);
    await end(owner, 'leave');
    await expect(call(redis.url, 'PING')).resolves.toBe('PONG');
    await redis.stop();
    await expect(call(redis.url, 'PING')).rejects.toThrow('ECONNREFUSED');
  });

  it('is started once when many ask at the same moment', async () => {
    const all = await Promise.all([ensure(), ensure(), ensure(), startUser().then(track), ensure()]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ origin }) => origin === 'started')).toHaveLength(1);
  });

  it('is taken over when its owner was killed', async () => {
    const owner = await startUser();
    await call(owner.url, 'SET', 'job', '1');
    await end(owner, 'kill');
    const redis = await ensure();
    expect(redis.origin).toBe('reused');
    await expect(call(redis.url, 'GET', 'job')).resolves.toBe('1');
    await redis.stop();
    await expect(call(redis.url, 'PING')).rejects.toThrow('ECONNREFUSED');
  });

  it('starts afresh, with its data, when owner and server were killed', async () => {
    const owner = await startUser();
    await call(owner.url, 'SET', 'job', '1');
    await end(owner, 'kill');
    await killServer(owner.url);
    const redis = await ensure();
    expect(redis.origin).toBe('started');
    await expect(call(redis.url, 'GET', 'job')).resolves.toBe('1');
  });

  it('tells its owner when the server dies under him', async () => {
    const redis = await ensure();
    await killServer(redis.url);
    await expect.poll(() => warnings.join()).toContain('ended unexpectedly (SIGKILL)');
    await redis.stop();
  });

  it.each(['', '{"port":', '{"port":1,"password":"x"}'])('does not trust the record %j', async (text) => {
    await (await ensure()).stop();
    await writeFile(join(dataDir, 'redis', 'instance.json'), text);
    expect((await ensure()).origin).toBe('started');
  });

  it('does not take the server of the folder that this one was copied from', async () => {
    const original = await ensure();
    const copy = await mkdtemp(join(tmpdir(), 'facelane-local-redis-'));
    cleanups.push(() => rm(copy, { recursive: true, force: true }));
    await cp(dataDir, copy, { recursive: true });
    const redis = await ensure({ dataDir: copy });
    expect(redis.origin).toBe('started');
    expect(redis.url).not.toBe(original.url);
  });

  it.each([
    ['whose holder is dead', `${2 ** 22 + 1} x`, 0],
    ['whose pid belongs to another program now', `${process.pid} x`, 60],
  ])('clears a lock %s', async (_case, content, ageSeconds) => {
    await (await ensure()).stop();
    const lock = join(dataDir, 'redis', 'lock');
    await writeFile(lock, content);
    const then = new Date(Date.now() - ageSeconds * 1000);
    await utimes(lock, then, then);
    await expect(ensure()).resolves.toMatchObject({ origin: 'started' });
    await expect(readFile(lock)).rejects.toThrow('ENOENT');
  });

  it('says so when its port is taken, so that another can be tried', async () => {
    const occupant = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    cleanups.push(() => new Promise((done) => occupant.close(done)));
    const { port } = occupant.address() as AddressInfo;
    const options = { binary: 'redis-server', dir: join(dataDir, 'redis'), password: 'x', detached: false };
    await expect(startServerOn(port, options)).rejects.toThrow('Address already in use');
  });
});

function track(user: User): User {
  cleanups.push(() => end(user, 'leave'));
  return user;
}

describe('a given Redis', () => {
  it('is used as it is and not touched by stop', async () => {
    const { url } = await ensure();
    const given = await ensure({ url });
    expect(given).toMatchObject({ url, origin: 'given' });
    await given.stop();
    await expect(call(url, 'PING')).resolves.toBe('PONG');
    expect(warnings).toEqual([]);
  });

  it('is reported with host and port, without password, when it is down', async () => {
    const error = await ensure({ url: 'redis://:hunter2@127.0.0.1:1' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    const { message, remedy } = error as UsageError;
    expect(message).toContain('Redis at 127.0.0.1:1 does not answer');
    expect(message + remedy).not.toContain('hunter2');
  });

  it('is refused with a wrong password', async () => {
    const { host, port } = parseRedisUrl((await ensure()).url);
    await expect(ensure({ url: `redis://:wrong@${host}:${port}` })).rejects.toThrow('refuses the user or password');
    await expect(ensure({ url: `redis://${host}:${port}` })).rejects.toThrow('refuses the user or password');
  });

  it('is warned about when it may lose jobs', async () => {
    const { url } = await ensure();
    await call(url, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await call(url, 'CONFIG', 'SET', 'appendonly', 'no');
    await ensure({ url });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('set it to noeviction');
    expect(warnings[1]).toContain('set appendonly yes');
  });

  it('is refused when something else answers there', async () => {
    const web = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(web, 'listening');
    cleanups.push(() => new Promise((done) => web.close(done)));
    const { port } = web.address() as AddressInfo;
    await expect(ensure({ url: `redis://127.0.0.1:${port}` })).rejects.toThrow('does not speak the protocol of Redis');
  });
});
