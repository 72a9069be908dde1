import { randomUUID } from 'node:crypto';
import {
  DELIVERIES,
  type DeliveryAttempt,
  type DeliveryJob,
  exampleEvent,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import { GuardedPoster } from '@facelane/outbound';
import { describe, expect, it, vi } from 'vitest';
import { DeliveryAdder } from '../dispatch/delivery.adder.js';
import { firstDeliveriesOf } from '../dispatch/delivery.job.js';
import { EventMatcher } from '../dispatch/event.matcher.js';
import { TENANT, usePlace } from '../testing/place.js';
import { hang, status } from '../testing/receiver.js';
import { DeliverySender } from './delivery.sender.js';
import { EndpointTurns } from './endpoint.turns.js';
import { FirstTries } from './first.tries.js';

const place = usePlace();

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const over = (): Promise<unknown> =>
  until(async () => expect(await place.counts()).toMatchObject({ waiting: 0, dead: expect.any(Number) as number }));

/** Attempts of each event, in the order in which they were made. */
async function byEvent(endpoint: WebhookEndpointDocument): Promise<Map<string, DeliveryAttempt[]>> {
  const attempts = (await place.attempts(endpoint)).toReversed();
  return Map.groupBy(attempts, ({ eventId }) => eventId);
}

describe('events that come at once', () => {
  const jobsOf = async (wish: object, count: number): Promise<DeliveryJob[]> => {
    const endpoint = await place.endpoint({ url: 'https://hooks.example/', ...wish });
    const matcher = new EventMatcher({ enabled: () => Promise.resolve([endpoint]) }, () => undefined);
    await place.happen(count);
    return matcher.deliveriesOf((await place.belt.eventLog.read(TENANT, { limit: count })).events, [endpoint]);
  };
  const sizes = (jobs: readonly DeliveryJob[]): number[] =>
    jobs.map((job) => ('eventIds' in job ? job.eventIds.length : 1));

  it.each([
    [{ concurrency: 4 }, 3, [1, 1, 1]],
    [{ concurrency: 4 }, 12, [3, 3, 3, 3]],
    // The first twenty of a second go ahead.
    [{ concurrency: 2 }, 40, [20, 20]],
    [{ concurrency: 1 }, 320, [20, 100, 100, 100]],
    [{ concurrency: 4, ratePerSecond: 50 }, 12, Array.from({ length: 12 }, () => 1)],
  ])('to an endpoint with %j, %i of them, go in turns of %j', async (wish, count, expected) => {
    expect(sizes(await jobsOf(wish, count))).toEqual(expected);
  });

  it('arrive in their order, one after the other, each once', async () => {
    const receiver = await place.receiver();
    const endpoint = await place.endpoint({ url: receiver.url, concurrency: 1 });
    const events = await place.happen(20);
    await place.notify();
    await until(() => expect(receiver.ids).toHaveLength(20));
    await over();
    expect(receiver.ids).toEqual(events.map(({ id }) => id));
    expect(receiver.most).toBe(1);
    for (const [, attempts] of await byEvent(endpoint)) {
      expect(attempts).toMatchObject([{ state: 'delivered', attempt: 1, status: 204 }]);
    }
  });
});

describe('one that fails among them', () => {
  it('is tried again by itself, and holds up none behind it', async () => {
    const receiver = await place.receiver((response, n) => status(n === 3 ? 500 : 204)(response, n));
    const endpoint = await place.endpoint({ url: receiver.url, concurrency: 1 });
    const events = await place.happen(10);
    await place.notify();
    await until(() => expect(receiver.ids).toHaveLength(11));
    await over();
    const failed = events[2]!.id;
    expect(receiver.ids.slice(0, 10)).toEqual(events.map(({ id }) => id));
    expect(receiver.ids.at(-1)).toBe(failed);
    expect((await byEvent(endpoint)).get(failed)).toMatchObject([
      { state: 'failed', attempt: 1, status: 500, nextAt: expect.any(String) as string },
      { state: 'delivered', attempt: 2, status: 204 },
    ]);
  });

  it('for good is a dead letter that says why, and is not sent again', async () => {
    const receiver = await place.receiver((response, n) => status(n === 2 ? 500 : 204)(response, n));
    await place.endpoint({ url: receiver.url, concurrency: 1 });
    const events = await place.happen(4);
    await place.notify({ delaysMs: [] });
    await until(async () => expect(await place.counts()).toEqual({ waiting: 0, dead: 1 }));
    expect(receiver.ids).toEqual(events.map(({ id }) => id));
    const [dead] = await place.belt.queues.queue('delivery').getFailed();
    expect(dead?.data).toMatchObject({ eventId: events[1]!.id, failed: { code: 'EVENTS.NOT_TAKEN', status: 500 } });
  });

  it('by not answering has the others wait for another turn', async () => {
    const receiver = await place.receiver((response, n) => (n === 2 ? hang(response, n) : status(204)(response, n)));
    const endpoint = await place.endpoint({ url: receiver.url, concurrency: 1 });
    const events = await place.happen(6);
    await place.notify({ timeoutMs: 300 });
    await until(() => expect(receiver.ids).toHaveLength(7));
    await over();
    expect(new Set(receiver.ids)).toEqual(new Set(events.map(({ id }) => id)));
    expect(receiver.most).toBe(1);
    const attempts = await byEvent(endpoint);
    expect(attempts.get(events[1]!.id)).toMatchObject([{ code: 'EVENTS.NO_ANSWER' }, { state: 'delivered' }]);
    expect([...attempts.values()].flat()).toHaveLength(7);
  });
});

it('what the log has no more is told, and the rest is sent', async () => {
  const receiver = await place.receiver();
  const endpoint = await place.endpoint({ url: receiver.url });
  const events = await place.happen(2);
  const missing: number[] = [];
  const { attempts, eventLog: log, places, queues, withdrawals } = place.belt;
  const poster = new GuardedPoster({ allowHttp: true, allow: ['127.0.0.1'], timeoutMs: 5_000 });
  const tries = new FirstTries({
    ...{ attempts, log, retry: DELIVERIES.stages.delivery.retry },
    adder: new DeliveryAdder({ log, queues, withdrawals }),
    turns: new EndpointTurns(places, { capacity: 32, holdMs: 10_000 }),
    sender: new DeliverySender(poster),
    onMissing: (_endpoint, count) => void missing.push(count),
  });
  const ids = [events[0]!.id, randomUUID(), events[1]!.id];
  const job = firstDeliveriesOf(ids, { tenant: TENANT, endpointId: endpoint.id, lane: 'bulk' });
  expect(await tries.send(endpoint, job, AbortSignal.timeout(10_000))).toHaveLength(2);
  expect([receiver.ids, missing]).toEqual([events.map(({ id }) => id), [1]]);
  await poster.close();
});

it('what a process of a newer version has told is sent as it is', async () => {
  const receiver = await place.receiver();
  const endpoint = await place.endpoint({ url: receiver.url });
  const known = exampleEvent('face.matched');
  const told = [
    { ...known, id: randomUUID(), timestamp: new Date().toISOString(), data: { ...known.data, mood: 'merry' } },
    { ...known, id: randomUUID(), timestamp: new Date().toISOString(), type: 'photo.removed', data: { why: 'rights' } },
  ];
  const logged = told.map((event) => ({ id: event.id, type: event.type, body: JSON.stringify(event) }));
  await place.belt.eventLog.append(TENANT, logged);
  await place.notify();
  await until(() => expect(receiver.received).toHaveLength(2));
  await over();
  expect(new Set(receiver.received.map(({ body }) => body))).toEqual(new Set(logged.map(({ body }) => body)));
  expect(await place.attempts(endpoint)).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
});
