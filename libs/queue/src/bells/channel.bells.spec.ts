import { startRedis, type TestRedis } from '@facelane/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectProducer } from '../redis.connection.js';
import { event } from '../testing/events.fixture.js';
import { Bell } from './bell.js';
import { EventLog } from '../events/event.log.js';
import { ChannelBells } from './channel.bells.js';
import { LogKeys } from '../events/log.keys.js';
import { waitUntil } from '../events/log.wait.js';

/** Longer than any test: what is heard before that rang. */
const LONG_MS = 600_000;
const CHANNEL = new LogKeys('p').bell('acme');

let server: TestRedis;
let redis: Redis;
let bells: ChannelBells;
beforeEach(async () => {
  server = await startRedis();
  redis = await connectProducer(server, () => undefined);
  bells = new ChannelBells(redis);
});
afterEach(async () => {
  bells.end();
  redis.disconnect();
  await server.stop();
});

describe('a bell', () => {
  it('that rang while nobody listened is heard once', async () => {
    const bell = new Bell();
    bell.ring();
    bell.ring();
    await bell.heard(LONG_MS);
    let heard = false;
    const next = bell.heard(LONG_MS).then(() => (heard = true));
    await redis.ping();
    expect(heard).toBe(false);
    bell.ring();
    await next;
    await bell.heard(1);
  });

  it('rings when its subscription holds, when the log grows, and when the connection is back', async () => {
    const bell = bells.open(CHANNEL);
    await bell.heard(LONG_MS);
    await new EventLog(redis, 'p').append('acme', [event(1)]);
    await bell.heard(LONG_MS);
    await redis.client('KILL', 'TYPE', 'pubsub');
    await bell.heard(LONG_MS);
    await new EventLog(redis, 'p').append('acme', [event(2)]);
    await bell.heard(LONG_MS);
    bells.close(CHANNEL, bell);
  });

  it('can be opened while Redis is away', async () => {
    await server.kill9();
    const bell = bells.open(CHANNEL);
    await server.restart();
    await bell.heard(LONG_MS);
  });

  it('opened again while it is being closed is subscribed', async () => {
    const first = bells.open(CHANNEL);
    await first.heard(LONG_MS);
    bells.close(CHANNEL, first);
    const second = bells.open(CHANNEL);
    await second.heard(LONG_MS);
    expect(await redis.publish(CHANNEL, '')).toBe(1);
    await second.heard(LONG_MS);
  });
});

it('who waits looks again once his subscription holds: something may have come before', async () => {
  const answers = [false, true];
  const look = (): Promise<boolean> => Promise.resolve(answers.shift() ?? true);
  expect(await waitUntil(look, { bells, channel: CHANNEL, ms: LONG_MS })).toBe(true);
  expect(answers).toEqual([]);
});
