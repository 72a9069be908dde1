import { randomUUID } from 'node:crypto';
import type { WebhookEndpointDocument } from '@facelane/contracts';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { usePlace } from '../testing/place.js';
import { type Receiver, status } from '../testing/receiver.js';
import { Replayer } from './replayer.js';

const place = usePlace();
let replayer: Replayer;
let receiver: Receiver;
let endpoint: WebhookEndpointDocument;
beforeEach(async () => {
  const { eventLog: log, attempts } = place.belt;
  replayer = new Replayer({ log, attempts, adder: place.adder });
  receiver = await place.receiver();
  endpoint = await place.endpoint({ url: receiver.url });
  await place.notify({ delaysMs: [] });
});

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const delivered = (count: number): Promise<unknown> =>
  until(async () => {
    expect(receiver.received).toHaveLength(count);
    expect((await place.counts()).waiting).toBe(0);
  });
const yesterday = (): Date => new Date(Date.now() - 24 * 60 * 60_000);

describe('a replay', () => {
  it('of an event has its id and its body, and says what it is', async () => {
    const [event] = await place.happen();
    await delivered(1);
    expect(await replayer.event(endpoint, event!.id, randomUUID())).toBe(1);
    await delivered(2);
    const [first, again] = receiver.received;
    expect([again!.id, again!.body]).toEqual([first!.id, first!.body]);
    expect([first, again].map((one) => one!.headers['facelane-replay'])).toEqual([undefined, 'true']);
    expect((await place.attempts(endpoint)).map(({ replay }) => replay)).toEqual([true, undefined]);
  });

  it('of an event that is not in the log is none', async () => {
    expect(await replayer.event(endpoint, randomUUID(), randomUUID())).toBe(0);
  });

  it('of what failed leaves out what has arrived, before or since', async () => {
    receiver.answer = (response, n) => status(n <= 3 ? 500 : 204)(response, n);
    const events = await place.happen(5);
    await delivered(5);
    expect(await place.counts()).toEqual({ waiting: 0, dead: 3 });
    const failed = receiver.ids.slice(0, 3);
    expect(await replayer.event(endpoint, failed[0]!, randomUUID())).toBe(1);
    await delivered(6);
    expect(await replayer.failedSince(endpoint, yesterday(), randomUUID())).toBe(2);
    await delivered(8);
    expect(receiver.ids.slice(6).sort()).toEqual(failed.slice(1).sort());
    expect(await replayer.failedSince(endpoint, yesterday(), randomUUID())).toBe(0);
    expect(new Set(receiver.ids).size).toBe(events.length);
  });

  it('of a time has the events of that time that pass the filter, each once per request', async () => {
    await place.happen(2);
    await delivered(2);
    const [from, to, replay] = [yesterday(), new Date(), randomUUID()];
    expect(await replayer.between(endpoint, [from, to], replay)).toBe(2);
    await delivered(4);
    expect(await replayer.between(endpoint, [from, yesterday()], replay)).toBe(0);
    const other = await place.endpoint({ url: receiver.url, filter: { types: ['job.completed'] } });
    expect(await replayer.between(other, [from, to], replay)).toBe(0);
  });
});
