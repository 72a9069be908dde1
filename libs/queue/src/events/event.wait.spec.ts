import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BeltRole, PipelineBelt } from '../pipeline.belt.js';
import { event, numbersOf, readAll } from '../testing/events.fixture.js';
import { CHAIN } from '../testing/pipeline.fixture.js';
import { LogKeys } from './log.keys.js';

/** Longer than any test: what ends before was woken. */
const LONG_MS = 600_000;

let server: TestRedis;
let admin: Redis;
let prefix: string;
const belts: PipelineBelt[] = [];
beforeEach(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  admin.on('error', () => undefined);
  prefix = `test-${randomUUID()}`;
});
afterEach(async () => {
  await Promise.all(belts.splice(0).map((belt) => belt.close()));
  admin.disconnect();
  await server.stop();
});

async function open(role: BeltRole = 'service'): Promise<PipelineBelt> {
  const belt = await PipelineBelt.open(CHAIN, role, { url: server.url, prefix, onError: () => undefined });
  belts.push(belt);
  await vi.waitFor(() => expect(belt.connected).toBe(true));
  return belt;
}

const subscribers = async (...tenants: string[]): Promise<unknown[]> => {
  const channels = tenants.map((tenant) => new LogKeys(prefix).bell(tenant));
  const answer = await admin.pubsub('NUMSUB', ...channels);
  return answer.filter((_, i) => i % 2 === 1);
};
const clients = async (kind: 'normal' | 'pubsub'): Promise<string[]> =>
  String(await admin.call('CLIENT', 'LIST', 'TYPE', kind))
    .trim()
    .split('\n')
    .filter(Boolean);
/** Until the server has subscribed them all. */
const subscribed = (...tenants: string[]): Promise<void> =>
  vi.waitFor(async () => expect(await subscribers(...tenants)).toEqual(tenants.map(() => 1)), { timeout: 20_000 });

describe('waiting', () => {
  it('ends at once when something is there, and when something comes from another process', async () => {
    const [{ eventLog: log }, { eventLog: other }] = [await open(), await open()];
    const before = await log.tail('acme');
    await other.append('acme', [event(0)]);
    expect(await log.wait('acme', before, LONG_MS)).toBe(true);
    const tail = await log.tail('acme');
    const waits = Array.from({ length: 20 }, () => log.wait('acme', tail, LONG_MS));
    await subscribed('acme');
    await other.append('acme', [event(0)]);
    await other.append('acme', [event(1)]);
    expect(await Promise.all(waits)).toEqual(waits.map(() => true));
  });

  it('ends without anything after its time, and when the belt closes', async () => {
    const belt = await open();
    const tail = await belt.eventLog.tail('acme');
    expect(await belt.eventLog.wait('acme', tail, 20)).toBe(false);
    expect(await belt.eventLog.wait('acme', tail, 0)).toBe(false);
    const waiting = belt.eventLog.wait('acme', tail, LONG_MS);
    await subscribed('acme');
    await belt.close();
    expect(await waiting).toBe(false);
  });

  it('ends with the reason of whoever gives up', async () => {
    const { eventLog: log } = await open();
    const tail = await log.tail('acme');
    const controller = new AbortController();
    const waiting = log.wait('acme', tail, LONG_MS, controller.signal);
    await subscribed('acme');
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(log.wait('acme', tail, LONG_MS, controller.signal)).rejects.toThrow('enough');
  });

  it('takes one connection for any number of tenants, and leaves nothing subscribed', async () => {
    const belt = await open();
    const log = belt.alongside(CHAIN).eventLog;
    const tenants = Array.from({ length: 10 }, (_, i) => `t${i}`);
    const tails = await Promise.all(tenants.map((tenant) => log.tail(tenant)));
    const waits = tenants.flatMap((tenant, i) => [
      log.wait(tenant, tails[i]!, LONG_MS),
      belt.eventLog.wait(tenant, tails[i]!, LONG_MS),
    ]);
    await subscribed(...tenants);
    expect(await clients('pubsub')).toHaveLength(1);
    // Those of others do not wake.
    await log.append('t0', [event(0)]);
    expect(
      await Promise.race(
        waits
          .slice(2)
          .map((wait) => wait.then(() => 'woken'))
          .concat(Promise.all(waits.slice(0, 2)).then(() => 'only t0')),
      ),
    ).toBe('only t0');
    await vi.waitFor(async () => expect(await subscribers('t0', 't1')).toEqual([0, 1]));
    await Promise.all(tenants.slice(1).map((tenant) => log.append(tenant, [event(0)])));
    await Promise.all(waits);
    await vi.waitFor(async () => expect(await subscribers(...tenants)).toEqual(tenants.map(() => 0)));
  });

  it('outlives connections that are killed, and hears what came meanwhile', async () => {
    const { eventLog: log } = await open();
    const { eventLog: other } = await open();
    const tail = await log.tail('acme');
    const waiting = log.wait('acme', tail, LONG_MS);
    await subscribed('acme');
    // In one step of Redis: nobody can hear it.
    const keys = new LogKeys(prefix);
    await admin
      .multi()
      .client('KILL', 'TYPE', 'pubsub')
      .xadd(keys.stream('acme'), '*', 'id', 'x', 'type', 't', 'collection', '', 'body', '')
      .exec();
    expect(await waiting).toBe(true);
    const next = other.wait('acme', await other.tail('acme'), LONG_MS);
    await subscribed('acme');
    await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await admin.client('KILL', 'TYPE', 'pubsub');
    await subscribed('acme');
    await vi.waitFor(() => log.append('acme', [event(2)]), { timeout: 20_000 });
    expect(await next).toBe(true);
  });
});

describe('Redis', () => {
  it('that crashes while somebody waits is waited for, and what was written to disk is still in its order', async () => {
    const [service, worker] = [await open(), await open('worker')];
    const log = service.eventLog;
    await log.append('acme', [event(0), event(1)]);
    await log.consumers.set('acme', 'a', await log.tail('acme'));
    await admin.config('SET', 'appendfsync', 'always');
    await log.append('acme', [event(2)]);
    const tail = await log.tail('acme');
    const waits = [service, worker].map((belt) => belt.eventLog.wait('acme', tail, LONG_MS));
    await vi.waitFor(async () => expect(await subscribers('acme')).toEqual([2]));
    await server.kill9();
    await vi.waitFor(() => expect([service.connected, worker.connected]).toEqual([false, false]));
    await expect(log.append('acme', [event(3)])).rejects.toMatchObject({ code: 'QUEUE.UNAVAILABLE' });
    // A worker's waits with it.
    const appended = worker.eventLog.append('acme', [event(1), event(3)]);
    await server.restart();
    expect(numbersOf(await appended)).toEqual([3]);
    expect(await Promise.all(waits)).toEqual([true, true]);
    await vi.waitFor(() => expect(service.connected).toBe(true), { timeout: 20_000 });
    expect(numbersOf((await readAll(log, 'acme')).events)).toEqual([0, 1, 2, 3]);
    expect(numbersOf((await readAll(log, 'acme', { after: tail })).events)).toEqual([3]);
    const kept = await log.consumers.get('acme', 'a');
    expect(numbersOf((await readAll(log, 'acme', { after: kept! })).events)).toEqual([2, 3]);
  });
});
