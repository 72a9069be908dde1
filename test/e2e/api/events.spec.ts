import { type EventType, type FacelaneEvent } from '@facelane/contracts';
import { connectProducer, DEFAULT_PREFIX, EventLog } from '@facelane/queue';
import { requireModels, startRedis, type TestRedis } from '@facelane/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readEvents } from '../../../libs/boot/src/testing/open-outbox.js';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { AssetAnswer, EnrolAnswer, PersonAnswer } from '../../support/api.types.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';
import { type Guests, inviteGuests } from '../../support/guests.js';

let server: TestRedis;
let redis: Redis;
let api: RunningApi;
let caller: ApiCaller;
let guests: Guests;

beforeAll(async () => {
  const models = await requireModels();
  server = await startRedis();
  redis = await connectProducer(server, () => undefined);
  api = await startStandaloneApi({ REDIS_URL: server.url });
  caller = api.as(await api.newKey('acme', ['search', 'assets:write', 'people:write', 'admin']));
  guests = await inviteGuests(caller, models);
}, 120_000);
afterAll(async () => {
  await api.stop();
  redis.disconnect();
  await server.stop();
});

const events = async (): Promise<FacelaneEvent[]> =>
  (await readEvents(new EventLog(redis, DEFAULT_PREFIX), 'acme')).filter(({ collection }) => collection === 'told');

function countsOf(all: readonly FacelaneEvent[]): Partial<Record<EventType, number>> {
  const counts: Partial<Record<EventType, number>> = {};
  for (const { type } of all) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

const until = (expected: Partial<Record<EventType, number>>): Promise<void> =>
  vi.waitFor(async () => expect(countsOf(await events())).toEqual(expected), { timeout: 40_000, interval: 100 });

it('tells every effect once and nothing else: tagging, enrolling, late binding, what people say, erasing', async () => {
  // One bar for both: a stranger of the photo is near enough for a review, which comes and goes as the others are told apart.
  await caller.json('POST', '/v1/collections', { id: 'told', thresholds: { review: { fmr: 1e-4 } } });
  const { id } = await submitPhoto(caller, 'told', guests.photos[3]!, { externalId: 'party' });
  const tagged = { 'asset.completed': 1, 'face.unmatched': 3 } as const;
  await until(tagged);
  expect((await events()).every(({ data }) => 'externalId' in data && data.externalId === 'party')).toBe(true);

  const person = await caller.json<PersonAnswer>('POST', '/v1/collections/told/people', { name: 'Guest' });
  const path = `/v1/collections/told/people/${person.id}`;
  expect((await caller.form<EnrolAnswer>(`${path}/faces`, { photos: guests.portraits[2] })).accepted).toBe(1);
  const found = { ...tagged, 'asset.completed': 2, 'person.enrolled': 1, 'match.updated': 1 };
  await until(found);

  const isHis = ({ result }: AssetAnswer): boolean => result!.faces.some(({ personId }) => personId === person.id);
  const asset = await awaitAsset(caller, id, (answer) => answer.state === 'done' && isHis(answer));
  const his = asset.result!.faces.find(({ personId }) => personId === person.id)!;
  await caller.json('POST', `/v1/faces/${his.faceId}/reject`, { person: person.id });
  await until({ ...found, 'match.updated': 2 });
  await caller.json('POST', `/v1/faces/${his.faceId}/assign`, { person: person.id });
  await until({ ...found, 'match.updated': 3 });

  // The same photo once more is another end of its asset, and the same reference none.
  const bytes = JSON.stringify(await events());
  await caller.form(`${path}/faces`, { photos: guests.portraits[2] });
  await vi.waitFor(async () => expect(countsOf(await events())).toMatchObject({ 'asset.completed': 3 }));
  expect(JSON.stringify((await events()).slice(0, -1))).toBe(bytes);

  await caller.json('DELETE', `${path}?erase=all`);
  await until({ 'asset.completed': 1, 'face.unmatched': 3, 'person.erased': 1 });
  const left = (await events()).filter(({ type }) => type !== 'person.erased');
  expect(JSON.stringify(left)).not.toContain(person.id);
}, 120_000);
