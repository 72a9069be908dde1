import type { CollectionDocument } from '@facelane/contracts';
import { TargetCheck } from '@facelane/outbound';
import { CollectionsRegistry, MOST_WEBHOOKS, WebhooksRegistry } from '@facelane/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  LocalExclusion,
  openDocuments,
  type TestDocuments,
  UNHEARD,
} from '../../../../registry/src/testing/document-stores.js';
import { newWebhookSchema, rotationSchema, webhookChangesSchema } from '../../schemas/webhook.schema.js';
import { COLLECTION, CONTRACT, PERSON, TENANT } from '../../testing/documents.js';
import { webhookView, webhookWithSecret } from '../../views/webhook.view.js';
import { CollectionLookup } from '../collection.lookup.js';
import { Contract } from '../contract.facts.js';
import { WebhookDesk } from './webhook.desk.js';

const URL = 'https://hooks.example/facelane?token=hush';

let opened: TestDocuments;
let webhooks: WebhooksRegistry;
let desk: WebhookDesk;
let created: CollectionDocument;
/** Endpoints whose attempts were deleted. */
const forgotten: string[] = [];
beforeAll(async () => {
  opened = await openDocuments('fs');
  webhooks = new WebhooksRegistry(opened.documents, new LocalExclusion(), UNHEARD);
  const collections = new CollectionsRegistry(opened.documents);
  const thresholds = { match: { cosine: 0.5 }, review: { cosine: 0.4 } };
  created = await collections.ensure({ tenant: TENANT, id: COLLECTION, contract: CONTRACT, thresholds });
  const lookup = new CollectionLookup(collections, new Contract({ id: CONTRACT, thresholds: {} }));
  const targets = new TargetCheck({ resolve: () => Promise.resolve(['93.184.215.14']) });
  desk = new WebhookDesk(webhooks, targets, lookup, { delete: (id) => Promise.resolve(void forgotten.push(id)) });
});
afterAll(() => opened.close());

const create = (wish: object = {}, tenant: string = TENANT): ReturnType<WebhookDesk['create']> =>
  desk.create(tenant, newWebhookSchema.parse({ url: URL, ...wish }));
const update = (id: string, changes: object, tenant: string = TENANT): ReturnType<WebhookDesk['update']> =>
  desk.update({ tenant, id }, webhookChangesSchema.parse(changes));

describe('a webhook endpoint', () => {
  it('is shown with its secret when it is made, and never again', async () => {
    const endpoint = await create({ filter: { collections: [created.id], types: ['face.matched'] } });
    const shown = webhookWithSecret(endpoint);
    expect(shown).toMatchObject({ url: URL, state: 'enabled', concurrency: 4, secret: endpoint.secrets[0]!.secret });
    const later = webhookView(await desk.require(endpoint));
    expect(later).toEqual({ ...shown, secret: undefined });
    expect(JSON.stringify(later)).not.toContain('whsec_');
    expect(later.secrets).toEqual([{ createdAt: endpoint.createdAt }]);
  });

  it.each(['https://10.0.0.1/', 'https://localhost/', 'http://hooks.example/', 'https://ann:pw@hooks.example/?k=1'])(
    'is refused at %s, without a word of what may be secret in it',
    async (url) => {
      const refusal = { code: 'API.WEBHOOK_URL_REFUSED', status: 422 };
      await expect(create({ url }, 'refused')).rejects.toMatchObject(refusal);
      const endpoint = await create();
      const failed = await update(endpoint.id, { url }).catch((error: unknown) => error as Error);
      expect(failed).toMatchObject(refusal);
      expect((failed as Error).message).toMatch(/^https?:\/\/[\w.]+\/ (is|uses|carries) /);
      expect((await desk.require(endpoint)).url).toBe(URL);
      expect(await webhooks.all('refused')).toEqual([]);
    },
  );

  it('names collections that there are', async () => {
    const missing = { code: 'API.COLLECTION_MISSING', status: 404 };
    await expect(create({ filter: { collections: [COLLECTION, 'nowhere'] } })).rejects.toMatchObject(missing);
    const { id } = await create();
    await expect(update(id, { filter: { collections: ['nowhere'] } })).rejects.toMatchObject(missing);
    await expect(create({ filter: { collections: [COLLECTION] } }, 'other')).rejects.toMatchObject(missing);
  });

  it('is disabled by whoever asks for it, and enabled again', async () => {
    const { id } = await create();
    const off = webhookView(await update(id, { state: 'disabled', description: 'on leave' }));
    expect(off).toMatchObject({ state: 'disabled', disabled: { reason: 'asked' }, description: 'on leave' });
    const on = webhookView(await update(id, { state: 'enabled', description: null }));
    expect(on).toMatchObject({ state: 'enabled' });
    for (const gone of ['disabled', 'description']) expect(on).not.toHaveProperty(gone);
  });

  it('has a new secret after each rotation, and tells how long the others sign', async () => {
    const endpoint = await create();
    const rotated = await desk.rotate(endpoint, 24);
    const { secret, secrets } = webhookWithSecret(rotated);
    expect(secret).not.toBe(endpoint.secrets[0]!.secret);
    expect(secrets).toEqual([
      { createdAt: expect.any(String) as string },
      { createdAt: endpoint.createdAt, expiresAt: expect.any(String) as string },
    ]);
    for (let n = 0; n < 3; n += 1) await desk.rotate(endpoint, 24);
    await expect(desk.rotate(endpoint, 24)).rejects.toMatchObject({ code: 'API.WEBHOOK_SECRETS_FULL', status: 409 });
    expect(webhookView(await desk.rotate(endpoint, 0)).secrets).toHaveLength(1);
  });

  it('is nobody else’s, and gone once it is removed', async () => {
    const { id } = await create();
    const missing = { code: 'API.WEBHOOK_MISSING', status: 404 };
    const asking = (tenant: string): readonly (() => Promise<unknown>)[] => [
      () => desk.require({ tenant, id }),
      () => update(id, { concurrency: 1 }, tenant),
      () => desk.rotate({ tenant, id }, 0),
      () => desk.remove({ tenant, id }),
    ];
    for (const asked of asking('other')) await expect(asked()).rejects.toMatchObject(missing);
    expect(forgotten).not.toContain(id);
    expect(await desk.remove({ tenant: TENANT, id })).toMatchObject({ id, concurrency: 4 });
    expect(forgotten).toContain(id);
    for (const asked of asking(TENANT)) await expect(asked()).rejects.toMatchObject(missing);
  });

  it('is one of a hundred at most', async () => {
    for (let n = 0; n < MOST_WEBHOOKS; n += 1) await create({}, 'full');
    await expect(create({}, 'full')).rejects.toMatchObject({ code: 'API.WEBHOOKS_FULL', status: 409 });
  });
});

describe('a request', () => {
  it.each([
    ['an unknown type', { filter: { types: ['face.lost'] } }, 'filter.types.0'],
    ['a person who has no id', { filter: { people: ['Ada'] } }, 'filter.people.0'],
    ['an empty list', { filter: { people: [] } }, 'filter.people'],
    ['people and nobody at once', { filter: { people: [PERSON], unknownOnly: true } }, 'filter'],
    ['a score above one', { filter: { minScore: 1.1 } }, 'filter.minScore'],
    ['another scheme', { url: 'ftp://hooks.example/' }, 'url'],
    ['a secret of its own', { secret: 'whsec_' }, ''],
    ['too much at a time', { concurrency: 21 }, 'concurrency'],
  ])('with %s is told where', (_what, more, where) => {
    for (const schema of [newWebhookSchema, webhookChangesSchema]) {
      const parsed = schema.safeParse({ url: URL, ...more });
      expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([where]);
    }
  });

  it('for a rotation asks for a day of overlap when it says nothing', () => {
    expect(rotationSchema.parse({})).toEqual({ overlapHours: 24 });
    expect(rotationSchema.safeParse({ overlapHours: 169 }).success).toBe(false);
  });
});
