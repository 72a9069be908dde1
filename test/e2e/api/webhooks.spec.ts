import { randomUUID } from 'node:crypto';
import { createFacelane, type Facelane, type WebhookWithSecret } from '@facelane/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';

/** Public by its form. Nothing is sent there: no event fits the filters of this test. */
const HOOK = 'https://93.184.215.14/facelane';

let api: RunningApi;
let operator: ApiCaller;
let facelane: Facelane;
beforeAll(async () => {
  api = await startStandaloneApi();
  operator = api.as(api.key);
  facelane = createFacelane({ url: api.address, key: api.key });
  await facelane.collections.create({ id: 'friends' });
}, 120_000);
afterAll(() => api.stop());

const filter = { types: ['endpoint.disabled' as const] };

describe('webhook endpoints', () => {
  it('are made, changed, rotated and deleted, and tell their secrets when they are given them alone', async () => {
    const made = await facelane.webhooks.create({ url: HOOK, filter });
    const rotated = await facelane.webhooks.rotate(made.id, { overlapHours: 1 });
    expect(rotated.secrets).toHaveLength(2);
    await facelane.webhooks.update(made.id, { state: 'disabled' });
    const { items } = await facelane.webhooks.list().page();
    const shown = [items, await facelane.webhooks.get(made.id), await facelane.webhooks.delete(made.id)];
    expect(shown[1]).toMatchObject({ id: made.id, disabled: { reason: 'asked' }, filter });
    expect(JSON.stringify(shown)).not.toContain('whsec_');
    await expect(facelane.webhooks.get(made.id)).rejects.toMatchObject({ code: 'API.WEBHOOK_MISSING' });
    for (const { secret } of [made, rotated]) expect(api.program.stderr()).not.toContain(secret);
  });

  it('are one when the same request is sent again, with the secret that was not heard the first time', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const send = (): ReturnType<typeof operator.ask<WebhookWithSecret>> =>
      operator.ask('POST', '/v1/webhooks', { url: HOOK, filter }, headers);
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status, second.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true']);
    expect(second.body).toEqual(first.body);
    const rotate = (): ReturnType<typeof operator.ask<WebhookWithSecret>> =>
      operator.ask('POST', `/v1/webhooks/${first.body.id}/rotate`, {}, headers);
    const rotations = [await rotate(), await rotate()];
    expect(rotations[1]!.body).toEqual(rotations[0]!.body);
    expect((await facelane.webhooks.get(first.body.id)).secrets).toHaveLength(2);
  });

  it.each([
    ['a private address', { url: 'https://10.0.0.1/?key=hush' }, 'API.WEBHOOK_URL_REFUSED'],
    ['this machine', { url: 'https://localhost/?key=hush' }, 'API.WEBHOOK_URL_REFUSED'],
    ['plain http', { url: 'http://93.184.215.14/?key=hush' }, 'API.WEBHOOK_URL_REFUSED'],
    ['an unknown collection', { url: HOOK, filter: { collections: ['nowhere'] } }, 'API.COLLECTION_MISSING'],
  ])('are refused for %s', async (_what, wish, code) => {
    const refused = facelane.webhooks.create(wish);
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.not.toThrow('hush');
  });

  it('no longer name who was erased, and are sent nothing rather than everything', async () => {
    const [ada, bo] = [
      await facelane.people.create('friends', { name: 'Ada' }),
      await facelane.people.create('friends', { name: 'Bo' }),
    ];
    const both = await facelane.webhooks.create({ url: HOOK, filter: { people: [ada.id, bo.id] } });
    const alone = await facelane.webhooks.create({ url: HOOK, filter: { people: [ada.id] } });
    await facelane.people.delete('friends', ada.id, { erase: 'all' });
    expect((await facelane.webhooks.get(both.id)).filter).toEqual({ people: [bo.id] });
    expect((await facelane.webhooks.get(alone.id)).filter).toEqual({ people: [] });
  });
});
