import { startRedis, type TestRedis } from '@facelane/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeCursor } from './events/event.cursor.js';
import { PipelineBelt } from './pipeline.belt.js';
import { event } from './testing/events.fixture.js';
import { CHAIN, word } from './testing/pipeline.fixture.js';

let server: TestRedis;
const belts: PipelineBelt[] = [];
beforeEach(async () => {
  server = await startRedis();
});
afterEach(async () => {
  await server.restart();
  await Promise.all(belts.splice(0).map((belt) => belt.close()));
  await server.stop();
});

async function open(): Promise<PipelineBelt<typeof CHAIN>> {
  const belt = await PipelineBelt.open(CHAIN, 'service', { url: server.url, onError: () => undefined });
  belts.push(belt);
  return belt;
}

const SOME_CURSOR = writeCursor({ epoch: '0123456789ab', id: '0-0' });
const UNAVAILABLE = { code: 'QUEUE.UNAVAILABLE' };

/** Everything that a request asks of Redis. */
const questions = (belt: PipelineBelt<typeof CHAIN>): Promise<unknown>[] => [
  belt.queues.add('last', [word('a')]),
  belt.queues.carries('a'),
  belt.limits.consume('key', 10),
  belt.once.begin('key', 'f'),
  belt.once.finish('key', 1),
  belt.lease.with('name', () => Promise.resolve(1)),
  belt.eventLog.append('acme', [event(1)]),
  belt.eventLog.read('acme', { limit: 1 }),
  belt.eventLog.tail('acme'),
  belt.eventLog.tenants(),
  belt.eventLog.wait('acme', SOME_CURSOR, 60_000),
  belt.eventLog.consumers.get('acme', 'a'),
  belt.eventLog.consumers.set('acme', 'a', SOME_CURSOR),
];

async function expectUnavailable(belt: PipelineBelt<typeof CHAIN>): Promise<void> {
  const answers = await Promise.allSettled(questions(belt));
  expect(answers.map((answer) => answer.status === 'rejected' && (answer.reason as unknown))).toEqual(
    answers.map(() => expect.objectContaining(UNAVAILABLE) as unknown),
  );
}

describe('a service', () => {
  it('starts without Redis, refuses what is asked until Redis is there, and works then', async () => {
    await server.kill9();
    const belt = await open();
    expect(belt.connected).toBe(false);
    await expectUnavailable(belt);
    await server.restart();
    await vi.waitFor(() => expect(belt.connected).toBe(true), { timeout: 20_000 });
    await belt.queues.add('last', [word('a')]);
    expect(await belt.queues.carries('a')).toBe(true);
  });

  it('refuses at once while Redis is away for a while', async () => {
    const belt = await open();
    await vi.waitFor(() => expect(belt.connected).toBe(true));
    await server.kill9();
    await vi.waitFor(() => expect(belt.connected).toBe(false));
    await expectUnavailable(belt);
    await server.restart();
    await vi.waitFor(async () => expect(await belt.queues.carries('a')).toBe(false), { timeout: 20_000 });
  });

  it('is told of a connection that breaks under its question', async () => {
    const belt = await open();
    await vi.waitFor(() => expect(belt.connected).toBe(true));
    await belt.queues.carries('a');
    const killed = server.kill9();
    // Sent before the loss is noticed.
    expect(belt.connected).toBe(true);
    await expectUnavailable(belt);
    await killed;
  });

  it('has working queues also when the first connection broke before it had introduced itself', async () => {
    const admin = new Redis(server.url);
    // BullMQ asks this of a new connection, and takes a failure for the end.
    await admin.acl('SETUSER', 'default', '-info');
    const belt = await open();
    await vi.waitFor(() => expect(belt.connected).toBe(true));
    await expect(belt.queues.carries('a')).rejects.toThrow('info');
    await admin.acl('SETUSER', 'default', '+info');
    admin.disconnect();
    await vi.waitFor(async () => expect(await belt.queues.carries('a')).toBe(false));
  });
});
