import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFacelane, type Facelane, verifyWebhook } from '@facelane/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { startProgram } from '../../support/child.program.js';

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

describe('an endpoint that nothing arrives at', () => {
  it('is a line in what the operator sees', async () => {
    const gone = await facelane.webhooks.create({ url: `${hook()}?token=hush`, filter: { types: ['asset.failed'] } });
    const asked = await facelane.webhooks.create({ url: hook() });
    await facelane.webhooks.update(asked.id, { state: 'disabled' });
    await facelane.collections.create({ id: 'friends' });
    status = 410;
    await facelane.assets.submit({ collection: 'friends', source: new TextEncoder().encode('no photo') });
    await vi.waitFor(
      async () => expect(await facelane.webhooks.get(gone.id)).toMatchObject({ state: 'disabled' }),
      30_000,
    );
    await api.program.says('a webhook endpoint was disabled');
    const [shown, json] = [['status'], ['status', '--json']].map((args) =>
      startProgram('cli', { DATA_DIR: api.dataDir }, args),
    );
    expect([await shown!.ended, await json!.ended]).toEqual([0, 0]);
    expect(shown!.stdout()).toMatch(
      new RegExp(`disabled since \\S+, after it answered 410\n +endpoint ${gone.id} of tenant default`),
    );
    expect(shown!.stdout()).not.toContain(asked.id);
    const { webhooks } = JSON.parse(json!.stdout()) as { webhooks: object[] };
    expect(webhooks).toContainEqual(
      expect.objectContaining({ id: gone.id, tenant: 'default', state: 'disabled', lastStatus: 410 }),
    );
    for (const text of [shown!.stdout(), json!.stdout(), api.program.stderr()]) expect(text).not.toContain('hush');
  });
});
