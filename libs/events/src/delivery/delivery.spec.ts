import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it, vi } from 'vitest';
import { TENANT, usePlace } from '../testing/place.js';
import { type Answer, hang, type Received, status } from '../testing/receiver.js';

const place = usePlace();

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const headersOf = ({ headers }: Received): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

describe('an event', () => {
  it('arrives as it was logged, signed so that the libraries of receivers take it', async () => {
    await place.notify();
    const receiver = await place.receiver();
    const { secrets } = await place.endpoint({ url: receiver.url });
    const [event] = await place.happen();
    await until(() => expect(receiver.ids).toEqual([event!.id]));
    const [received] = receiver.received;
    expect(received!.body).toBe(JSON.stringify(event));
    expect(received!.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'facelane-webhooks/1',
    });
    expect(received!.headers).not.toHaveProperty('facelane-replay');
    for (const Webhook of [StandardWebhook, SvixWebhook]) {
      const verify = (): unknown => new Webhook(secrets[0]!.secret).verify(received!.body, headersOf(received!));
      expect(verify).not.toThrow();
    }
  });

  it('is signed with both secrets while one takes the place of another', async () => {
    await place.notify();
    const receiver = await place.receiver();
    const made = await place.endpoint({ url: receiver.url });
    const rotated = await place.webhooks.rotate(made);
    if (rotated.outcome !== 'rotated') throw new Error(rotated.outcome);
    await place.happen();
    await until(() => expect(receiver.received).toHaveLength(1));
    const { body } = receiver.received[0]!;
    for (const { secret } of rotated.endpoint.secrets) {
      expect(() => new StandardWebhook(secret).verify(body, headersOf(receiver.received[0]!))).not.toThrow();
    }
  });

  it('goes to those whose filter it passes, and to no disabled one', async () => {
    await place.notify();
    const [wanting, other, off] = [await place.receiver(), await place.receiver(), await place.receiver()];
    await place.endpoint({ url: wanting.url, filter: { types: ['face.matched'] } });
    await place.endpoint({ url: other.url, filter: { types: ['job.completed'] } });
    await place.webhooks.disable(await place.endpoint({ url: off.url }), { reason: 'asked' });
    const events = await place.happen(3);
    await until(() => expect(wanting.ids.sort()).toEqual(events.map(({ id }) => id).sort()));
    await until(async () => expect((await place.counts()).waiting).toBe(0));
    expect([other.received, off.received]).toEqual([[], []]);
  });
});

describe('an attempt that fails', () => {
  it('is followed by another with the same id and body, and each is written down', async () => {
    await place.notify();
    const receiver = await place.receiver((response, n) =>
      (n === 1 ? status(500, {}, 'oh no') : status(204))(response, n),
    );
    const endpoint = await place.endpoint({ url: receiver.url });
    const [event] = await place.happen();
    await until(async () => expect(await place.attempts(endpoint)).toHaveLength(2));
    expect(new Set(receiver.received.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    const [second, first] = await place.attempts(endpoint);
    expect(first).toMatchObject({ eventId: event!.id, state: 'failed', attempt: 1, status: 500, excerpt: 'oh no' });
    expect(first).toMatchObject({ code: 'EVENTS.NOT_TAKEN', nextAt: expect.any(String) as string });
    expect(second).toMatchObject({ state: 'delivered', attempt: 2, status: 204 });
    await until(async () => expect((await place.webhooks.find(endpoint))?.failingSince).toBeUndefined());
  });

  it('is a dead letter after the last one', async () => {
    await place.notify({ delaysMs: [1] });
    const receiver = await place.receiver(status(500));
    const endpoint = await place.endpoint({ url: receiver.url });
    await place.happen();
    await until(async () => expect(await place.counts()).toEqual({ waiting: 0, dead: 1 }));
    expect((await place.attempts(endpoint)).map(({ state }) => state)).toEqual(['dead', 'failed']);
    expect((await place.webhooks.find(endpoint))?.failingSince).toBeDefined();
  });

  it('waits at least as long as it is asked to, and so does everything else for that endpoint', async () => {
    await place.notify({ delaysMs: [1, 1] });
    const receiver = await place.receiver((response, n) =>
      (n === 1 ? status(503, { 'retry-after': '1' }) : status(204))(response, n),
    );
    await place.endpoint({ url: receiver.url, concurrency: 1 });
    await place.happen(3);
    await until(() => expect(receiver.received).toHaveLength(4));
    const [first, ...others] = receiver.received.map(({ at }) => at);
    expect(Math.min(...others) - first!).toBeGreaterThan(900);
  });

  it.each<[string, Answer, string, number | undefined]>([
    ['a redirect, which is not followed', status(302, { location: 'http://127.0.0.1:1/' }), 'EVENTS.REDIRECTED', 302],
    ['no answer in time', hang, 'EVENTS.NO_ANSWER', undefined],
    ['a broken connection', (response) => void response.destroy(), 'EVENTS.UNREACHABLE', undefined],
  ])('for %s', async (_what, answer, code, answered) => {
    await place.notify({ timeoutMs: 100, delaysMs: [] });
    const receiver = await place.receiver(answer);
    const endpoint = await place.endpoint({ url: receiver.url });
    await place.happen();
    await until(async () => expect(await place.attempts(endpoint)).toHaveLength(1));
    const [attempt] = await place.attempts(endpoint);
    expect(attempt).toMatchObject({ state: 'dead', code });
    expect(attempt!.status).toBe(answered);
    expect(receiver.received).toHaveLength(1);
  });

  it('for a refused connection', async () => {
    await place.notify({ delaysMs: [] });
    const receiver = await place.receiver();
    const { url } = receiver;
    await receiver.stop();
    const endpoint = await place.endpoint({ url });
    await place.happen();
    await until(async () => expect((await place.attempts(endpoint))[0]?.code).toBe('EVENTS.UNREACHABLE'));
  });

  it('for a private address, at the connection', async () => {
    await place.notify({ delaysMs: [], allow: [] });
    const receiver = await place.receiver();
    const endpoint = await place.endpoint({ url: receiver.url });
    await place.happen();
    await until(async () => expect((await place.attempts(endpoint))[0]?.code).toBe('EVENTS.ADDRESS_REFUSED'));
    expect(receiver.received).toEqual([]);
  });
});

describe('an endpoint', () => {
  it('that answers 410 is disabled, the others are told, and what waits for it ends quietly', async () => {
    await place.notify();
    const [leaving, watching] = [await place.receiver(status(410)), await place.receiver()];
    const endpoint = await place.endpoint({ url: leaving.url, concurrency: 1 });
    await place.endpoint({ url: watching.url, filter: { types: ['endpoint.disabled'] } });
    await place.happen(20);
    await until(() => expect(watching.received).toHaveLength(1));
    expect(JSON.parse(watching.received[0]!.body)).toMatchObject({
      type: 'endpoint.disabled',
      data: { endpointId: endpoint.id, reason: 'gone', lastStatus: 410 },
    });
    expect(await place.webhooks.find(endpoint)).toMatchObject({ state: 'disabled', disabled: { reason: 'gone' } });
    await until(async () => expect((await place.counts()).waiting).toBe(0));
    expect(leaving.received.length).toBeLessThan(20);
  });

  it('that has failed for too long is disabled', async () => {
    await place.notify({ delaysMs: [20, 20], disabledAfterMs: 0 });
    const receiver = await place.receiver(status(500));
    const endpoint = await place.endpoint({ url: receiver.url });
    await place.webhooks.markFailing(endpoint, new Date(Date.now() - 1_000));
    await place.happen();
    await until(async () =>
      expect(await place.webhooks.find(endpoint)).toMatchObject({ disabled: { reason: 'failing', lastStatus: 500 } }),
    );
    await until(async () => expect((await place.belt.eventLog.read(TENANT, { limit: 10 })).events).toHaveLength(2));
  });
});
