import { randomUUID } from 'node:crypto';
import { type DeliveryAttempt, deliveryAttemptSchema, type EventType, PIPELINE } from '@facelane/contracts';
import { PipelineBelt } from '@facelane/queue';
import { WebhooksRegistry } from '@facelane/registry';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  LocalExclusion,
  openDocuments,
  type TestDocuments,
  UNHEARD,
} from '../../../../registry/src/testing/document-stores.js';
import { idOf, TENANT } from '../../testing/documents.js';
import { WebhookEraser } from './webhook.eraser.js';

const URL = 'https://hooks.example/facelane';
const [ADA, BO] = [idOf('erased'), idOf('kept')];

let redis: TestRedis;
let opened: TestDocuments;
let belt: PipelineBelt;
let webhooks: WebhooksRegistry;
let erase: (id: string) => Promise<number>;
beforeAll(async () => {
  [redis, opened] = await Promise.all([startRedis(), openDocuments('fs')]);
  belt = await PipelineBelt.open(PIPELINE, 'producer', { url: redis.url, onError: () => undefined });
  webhooks = new WebhooksRegistry(opened.documents, new LocalExclusion(), UNHEARD);
  const eraser = new WebhookEraser(webhooks, belt.attempts, belt.eventLog);
  erase = (id) => eraser.erase({ tenant: TENANT }, new Set([id]));
});
afterAll(async () => {
  await belt.close();
  await Promise.all([redis.stop(), opened.close()]);
});

async function create(people?: string[]): Promise<string> {
  const created = await webhooks.create({ tenant: TENANT, url: URL, ...(people && { filter: { people } }) });
  if (created.outcome !== 'created') throw new Error(created.outcome);
  return created.endpoint.id;
}
const filterOf = async (id: string): Promise<unknown> => (await webhooks.find({ tenant: TENANT, id }))?.filter;

it('whoever is erased from any collection leaves every filter of the tenant', async () => {
  const [endpoint, alone] = [await create([ADA, BO]), await create([ADA])];
  expect([await erase(ADA), await erase(ADA)]).toEqual([2, 0]);
  expect([await filterOf(endpoint), await filterOf(alone)]).toMatchObject([{ people: [BO] }, { people: [] }]);
});

it('attempts stay of events that the log still has, and of erasures', async () => {
  const endpoint = await create();
  const event = (who: string): { id: string; type: EventType; body: string } => ({
    ...{ id: randomUUID(), type: 'face.matched', body: JSON.stringify({ who }) },
  });
  const [his, others, echoed, trimmed, erased] = [event(ADA), event(BO), event(BO), event(BO), event(ADA)];
  await belt.eventLog.append(TENANT, [his, others, echoed]);
  const attempt = { at: new Date().toISOString(), attempt: 1, latencyMs: 1, state: 'delivered', status: 200 };
  for (const [{ id, type }, excerpt] of [
    [his, 'thanks for Ada'],
    [others, 'thanks'],
    [echoed, `not ${ADA}`],
    [trimmed, 'thanks for Ada'],
    [{ ...erased, type: 'person.erased' }, 'done'],
  ] as const) {
    await belt.attempts.append(endpoint, { ...attempt, eventId: id, type, excerpt });
  }
  await belt.eventLog.forget(TENANT, { texts: [ADA] });
  expect(await erase(ADA)).toBe(0);
  const parse = (entry: unknown): DeliveryAttempt => deliveryAttemptSchema.parse(entry);
  const { items } = await belt.attempts.read(endpoint, { limit: 9, parse, fits: () => true });
  expect(items.map(({ eventId }) => eventId)).toEqual([erased.id, others.id]);
});
