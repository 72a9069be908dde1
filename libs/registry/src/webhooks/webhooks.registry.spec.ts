import { randomUUID } from 'node:crypto';
import { keys, type WebhookEndpointDocument } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPages, LocalExclusion, openDocuments, type TestDocuments, UNHEARD } from '../testing/document-stores.js';
import { MOST_WEBHOOKS, WebhooksRegistry } from './webhooks.registry.js';

const URL = 'https://hooks.example/facelane';

describe.each(['fs', 's3'] as const)('webhook endpoints on %s', (driver) => {
  let opened: TestDocuments;
  let webhooks: WebhooksRegistry;
  /** Tenants of which it was told that something has changed. */
  const told: string[] = [];

  beforeAll(async () => {
    opened = await openDocuments(driver);
    webhooks = new WebhooksRegistry(opened.documents, new LocalExclusion(), {
      changed: (tenant) => Promise.resolve(void told.push(tenant)),
    });
  });
  afterAll(() => opened.close());

  const make = async (tenant: string, more: object = {}): Promise<WebhookEndpointDocument> => {
    const created = await webhooks.create({ tenant, url: URL, ...more });
    if (created.outcome !== 'created') throw new Error(created.outcome);
    return created.endpoint;
  };

  it('are made with a secret of their own, and found by their tenant alone', async () => {
    const [one, two] = [await make('one', { description: 'tags', ratePerSecond: 5 }), await make('one')];
    expect(one).toMatchObject({ state: 'enabled', filter: {}, concurrency: 4, ratePerSecond: 5, description: 'tags' });
    expect(one.secrets[0]!.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(two.secrets[0]!.secret).not.toBe(one.secrets[0]!.secret);
    expect(await webhooks.find(one)).toEqual(one);
    expect(await webhooks.find({ tenant: 'other', id: one.id })).toBeUndefined();
    expect((await webhooks.all('one')).map(({ id }) => id)).toEqual([one.id, two.id].sort());
    const { items, pages } = await allPages((after) => webhooks.page('one', { limit: 1, after }));
    expect([items.map(({ id }) => id), pages]).toEqual([[one.id, two.id].sort(), 2]);
    expect([await webhooks.remove(one), await webhooks.remove(one)]).toEqual([true, false]);
    expect(await webhooks.all('one')).toEqual([two]);
  });

  it('tell of every change, after it', async () => {
    const made = await make('told');
    const steps = [
      () => webhooks.update(made, { description: 'new' }),
      () => webhooks.rotate(made),
      () => webhooks.disable(made, { reason: 'asked' }),
      () => webhooks.enable(made),
      () => webhooks.remove(made),
    ];
    for (const step of steps) {
      told.length = 0;
      await step();
      expect(told).toEqual(['told']);
    }
  });

  it('tell nothing of what changes nothing', async () => {
    const made = await make('still');
    await webhooks.markFailing(made);
    told.length = 0;
    await webhooks.markFailing(made);
    await webhooks.forgetPeople('still', new Set([randomUUID()]));
    await webhooks.update({ tenant: 'still', id: randomUUID() }, { description: 'new' });
    expect(told).toEqual([]);
  });

  it('are not made where nobody can be told', async () => {
    const away = new WebhooksRegistry(opened.documents, new LocalExclusion(), {
      changed: () => Promise.reject(new Error('away')),
    });
    await expect(away.create({ tenant: 'away', url: URL })).rejects.toThrow('away');
    expect(await webhooks.all('away')).toEqual([]);
  });

  it('change in what is given, lose what is null, and lose no change of two at once', async () => {
    const made = await make('edit', { description: 'old', ratePerSecond: 5, filter: { types: ['job.completed'] } });
    await Promise.all([
      webhooks.update(made, { description: null, concurrency: 9 }),
      webhooks.update(made, { filter: { minScore: 0.5 } }),
      webhooks.markFailing(made),
    ]);
    const changed = await webhooks.find(made);
    expect(changed).toMatchObject({ concurrency: 9, ratePerSecond: 5, filter: { minScore: 0.5 }, url: URL });
    expect(changed).not.toHaveProperty('description');
    expect(changed!.filter).not.toHaveProperty('types');
    const bare = await webhooks.update(made, { ratePerSecond: null });
    expect(bare).not.toHaveProperty('ratePerSecond');
    expect(await webhooks.update({ tenant: 'edit', id: randomUUID() }, { concurrency: 1 })).toBeUndefined();
  });

  it('remember since when they fail until something arrives, or until they are somewhere else', async () => {
    const made = await make('fail');
    const first = new Date('2026-06-01T00:00:00.000Z');
    await webhooks.markFailing(made, first);
    expect((await webhooks.markFailing(made))?.failingSince).toBe(first.toISOString());
    expect((await webhooks.update(made, { url: URL }))?.failingSince).toBe(first.toISOString());
    expect(await webhooks.markWorking(made)).not.toHaveProperty('failingSince');
    await webhooks.markFailing(made, first);
    expect(await webhooks.update(made, { url: `${URL}/2` })).not.toHaveProperty('failingSince');
  });

  it('say why they are disabled, the first reason first, and begin anew when they are enabled', async () => {
    const made = await make('off');
    await webhooks.markFailing(made);
    const off = await webhooks.disable(made, { reason: 'failing', lastStatus: 503 });
    expect(off).toMatchObject({ state: 'disabled', disabled: { reason: 'failing', lastStatus: 503 } });
    expect(await webhooks.disable(made, { reason: 'gone', lastStatus: 410 })).toEqual(off);
    expect(await webhooks.update(made, { state: 'disabled' })).toMatchObject({ disabled: off!.disabled });
    const on = await webhooks.enable(made);
    expect(on).toMatchObject({ state: 'enabled' });
    for (const gone of ['disabled', 'failingSince']) expect(on).not.toHaveProperty(gone);
    expect(await webhooks.update(made, { state: 'disabled' })).toMatchObject({ disabled: { reason: 'asked' } });
    expect(await webhooks.update(made, { state: 'enabled' })).not.toHaveProperty('disabled');
  });

  it('forget people who were erased, and are sent nothing rather than everything when no other is left', async () => {
    const [ada, bo, cy] = [randomUUID(), randomUUID(), randomUUID()];
    const both = await make('erase', { filter: { people: [ada, bo], minScore: 0.5 } });
    const alone = await make('erase', { filter: { people: [ada] } });
    const others = await Promise.all([make('erase', { filter: { people: [cy] } }), make('erase')]);
    const foreign = await make('erase-2', { filter: { people: [ada] } });
    expect(await webhooks.forgetPeople('erase', new Set([ada]))).toBe(2);
    expect(await webhooks.forgetPeople('erase', new Set([ada]))).toBe(0);
    expect((await webhooks.find(both))?.filter).toEqual({ people: [bo], minScore: 0.5 });
    expect((await webhooks.find(alone))?.filter).toEqual({ people: [] });
    expect(await Promise.all([...others, foreign].map((one) => webhooks.find(one)))).toEqual([...others, foreign]);
  });
});

it('there are at most a hundred per tenant, however many are made at once', async () => {
  const opened = await openDocuments('fs');
  const webhooks = new WebhooksRegistry(opened.documents, new LocalExclusion(), UNHEARD);
  const outcomes = await Promise.all(
    Array.from({ length: MOST_WEBHOOKS + 3 }, () => webhooks.create({ tenant: 'many', url: URL })),
  );
  expect(outcomes.filter(({ outcome }) => outcome === 'full')).toHaveLength(3);
  const [one] = await webhooks.all('many');
  expect(await webhooks.all('many')).toHaveLength(100);
  expect((await webhooks.create({ tenant: 'few', url: URL })).outcome).toBe('created');
  await webhooks.remove(one!);
  expect((await webhooks.create({ tenant: 'many', url: URL })).outcome).toBe('created');
  expect(await opened.store.head(keys.webhook('many', one!.id))).toBeUndefined();
  await opened.close();
});
