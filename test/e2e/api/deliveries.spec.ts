import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFacelane, type Facelane, verifyWebhook } from '@facelane/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';

let api: RunningApi;
let facelane: Facelane;
let status = 204;
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.once('end', () => {
    received.push({ headers: request.headers, body });
    response.writeHead(status).end(status === 204 ? undefined : 'no');
  });
});
const hook = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  api = await startStandaloneApi({ WEBHOOK_URL_ALLOW: '127.0.0.1', WEBHOOK_URL_HTTP: 'true' });
  facelane = createFacelane({ url: api.address, key: api.key });
}, 120_000);
afterAll(async () => {
  await api.stop();
  receiver.close();
});

describe('a test of a webhook endpoint', () => {
  it('sends a signed example and answers what came of it', async () => {
    const made = await facelane.webhooks.create({ url: hook() });
    const good = await facelane.webhooks.test(made.id, { type: 'person.erased' });
    expect(good).toMatchObject({ delivered: true, status: 204, type: 'person.erased' });
    const [{ headers, body }] = received.splice(0) as [(typeof received)[number]];
    expect(headers['facelane-test']).toBe('true');
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const event = await verifyWebhook(body, plain, made.secret);
    expect(event).toMatchObject({ id: good.eventId, type: 'person.erased' });
    status = 500;
    const bad = await facelane.webhooks.test(made.id);
    expect(bad).toMatchObject({ delivered: false, status: 500, excerpt: 'no', code: 'EVENTS.NOT_TAKEN' });
    expect((await facelane.webhooks.attempts(made.id).page()).items).toEqual([]);
  });
});

describe('a replay', () => {
  it('of what is not there is refused, or is none', async () => {
    const { id } = await facelane.webhooks.create({ url: hook() });
    await expect(facelane.webhooks.replay(id, { event: randomUUID() })).rejects.toMatchObject({
      code: 'API.EVENT_MISSING',
    });
    const now = new Date().toISOString();
    expect(await facelane.webhooks.replay(id, { failedSince: now })).toEqual({ queued: 0 });
    await expect(facelane.webhooks.replay(id, { failedSince: now, from: now, to: now })).rejects.toMatchObject({
      code: 'API.REQUEST_INVALID',
    });
    await facelane.webhooks.update(id, { state: 'disabled' });
    await expect(facelane.webhooks.replay(id, { failedSince: now })).rejects.toMatchObject({
      code: 'API.WEBHOOK_DISABLED',
    });
  });
});
