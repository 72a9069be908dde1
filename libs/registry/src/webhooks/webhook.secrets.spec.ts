import { randomUUID } from 'node:crypto';
import type { WebhookEndpointDocument } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalExclusion, openDocuments, type TestDocuments, UNHEARD } from '../testing/document-stores.js';
import { activeSecrets } from './webhook.secrets.js';
import { type Rotated, WebhooksRegistry } from './webhooks.registry.js';

const HOUR = 60 * 60_000;

let opened: TestDocuments;
let webhooks: WebhooksRegistry;
let endpoint: WebhookEndpointDocument;
let start: number;
beforeAll(async () => {
  opened = await openDocuments('fs');
  webhooks = new WebhooksRegistry(opened.documents, new LocalExclusion(), UNHEARD);
});
afterAll(() => opened.close());

const at = (hours: number): Date => new Date(start + hours * HOUR);

async function make(): Promise<void> {
  const created = await webhooks.create({ tenant: 'acme', url: 'https://hooks.example/' });
  if (created.outcome !== 'created') throw new Error(created.outcome);
  ({ endpoint } = created);
  start = Date.parse(endpoint.createdAt);
}

/** What the endpoint signs with, after so many hours. */
async function signing(hours: number): Promise<string[]> {
  return activeSecrets((await webhooks.find(endpoint))!, at(hours)).map(({ secret }) => secret);
}

/** The new secret. */
async function rotate(hours: number, overlapHours?: number): Promise<string> {
  const overlapMs = overlapHours === undefined ? undefined : overlapHours * HOUR;
  const rotated: Rotated = await webhooks.rotate(endpoint, { overlapMs, now: at(hours) });
  if (rotated.outcome !== 'rotated') throw new Error(rotated.outcome);
  return rotated.endpoint.secrets[0]!.secret;
}

describe('a rotation', () => {
  it('adds a secret, and the one before it signs on for a day', async () => {
    await make();
    const [first] = await signing(0);
    const second = await rotate(1);
    expect(second).not.toBe(first);
    expect(await signing(24.9)).toEqual([second, first]);
    expect(await signing(25)).toEqual([second]);
  });

  it('lets nobody sign for longer than an earlier one has said', async () => {
    await make();
    const [first] = await signing(0);
    const second = await rotate(0, 10);
    const third = await rotate(5, 100);
    expect(await signing(9)).toEqual([third, second, first]);
    expect(await signing(10)).toEqual([third, second]);
    const last = await rotate(6, 1);
    expect(await signing(6.5)).toEqual([last, third, second, first]);
    expect(await signing(7)).toEqual([last]);
  });

  it('without an overlap ends all others at once, and keeps none of what has expired', async () => {
    await make();
    await rotate(0);
    const last = await rotate(0, 0);
    expect(await signing(0)).toEqual([last]);
    expect((await webhooks.find(endpoint))?.secrets).toHaveLength(1);
  });

  it('is refused while five sign, but never one that ends the others', async () => {
    await make();
    for (let n = 1; n < 5; n += 1) await rotate(n, 100);
    const before = await webhooks.find(endpoint);
    expect(await webhooks.rotate(endpoint, { now: at(5) })).toEqual({ outcome: 'full' });
    expect(await webhooks.find(endpoint)).toEqual(before);
    const last = await rotate(5, 0);
    expect(await signing(5)).toEqual([last]);
  });

  it('of two at once loses neither', async () => {
    await make();
    const both = await Promise.all([rotate(1), rotate(1)]);
    expect(new Set((await signing(1)).slice(0, 2))).toEqual(new Set(both));
  });

  it('of no endpoint makes none', async () => {
    const nowhere = { tenant: 'acme', id: randomUUID() };
    expect(await webhooks.rotate(nowhere)).toEqual({ outcome: 'missing' });
    expect(await webhooks.find(nowhere)).toBeUndefined();
  });
});
