import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FsObjectStore } from '@facelane/object-store';
import { requireModels } from '@facelane/testing';
import { Redis } from 'ioredis';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRedis, type TestRedis } from '@facelane/testing';
import { Receiver } from '../../../libs/events/src/testing/receiver.js';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { AssetAnswer, EnrolAnswer, PersonAnswer } from '../../support/api.types.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';
import { type Guests, inviteGuests } from '../../support/guests.js';
import { scanStores } from '../../support/scan-stores.js';

const NAME = 'Wilhelmina Erasmus-Quill';
const EXTERNAL_ID = 'ext-4711-quill';

let redis: TestRedis;
let api: RunningApi;
let caller: ApiCaller;
let guests: Guests;
/** Takes nothing but that somebody was erased, and says what it was sent. */
let receiver: Receiver;
const typeOf = (body: string): string => (JSON.parse(body) as { type: string }).type;

beforeAll(async () => {
  const models = await requireModels();
  redis = await startRedis();
  api = await startStandaloneApi({
    ...{ REDIS_URL: redis.url, API_SOURCE_BUCKETS: 'shelf' },
    ...{ WEBHOOK_URL_ALLOW: '127.0.0.1', WEBHOOK_URL_HTTP: 'true' },
  });
  receiver = await Receiver.start((response) => {
    const { body } = receiver.received.at(-1)!;
    response.writeHead(typeOf(body) === 'person.erased' ? 204 : 500).end(body);
  });
  caller = api.as(api.key);
  guests = await inviteGuests(caller, models);
  await caller.json('POST', '/v1/collections', { id: 'wake' });
  const shelf = new FsObjectStore({ root: join(api.dataDir, 'objects'), bucket: 'shelf' });
  await shelf.put('three.jpg', guests.photos[3]!, { contentType: 'image/jpeg' });
}, 120_000);
afterAll(async () => {
  await api.stop();
  await receiver.stop();
  await redis.stop();
});

/** The ledger and the results file of a job, unpacked: what is compressed hides from a scan. */
async function ledgersOf(jobId: string): Promise<string> {
  const store = new FsObjectStore({ root: join(api.dataDir, 'objects'), bucket: 'facelane' });
  let text = '';
  for await (const { key } of store.list(`tenants/default/jobs/${jobId}/`)) {
    if (key.endsWith('.gz')) text += gunzipSync((await store.get(key)).body).toString();
  }
  return text;
}

/** Keys and values of every kind that mention one of the texts, apart from the event that tells of the erasure. */
async function scanRedis(texts: readonly string[]): Promise<string[]> {
  const client = new Redis(redis.url);
  const found: string[] = [];
  for await (const keys of client.scanStream({ count: 1000 })) {
    for (const key of keys as string[]) {
      const dump = `${key} ${JSON.stringify(await valueOf(client, key))}`;
      found.push(...texts.filter((text) => dump.includes(text)).map((text) => `${text} in ${key}`));
    }
  }
  client.disconnect();
  return found;
}

async function valueOf(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'string':
      return client.get(key);
    case 'hash':
      return hashOf(await client.hgetall(key));
    case 'list':
      return client.lrange(key, 0, -1);
    case 'set':
      return client.smembers(key);
    case 'zset':
      return client.zrange(key, 0, -1);
    case 'stream':
      return (await client.xrange(key, '-', '+')).filter(([, fields]) => !fields.includes('person.erased'));
    default:
      return undefined;
  }
}

/** A delivery that tells of the erasure waits for its next attempt. */
const hashOf = (fields: Record<string, string>): unknown =>
  fields['name'] === 'delivery' && fields['data']?.includes('"type":"person.erased"') ? undefined : fields;

async function newPerson(name: string, photos: readonly Uint8Array[], more: object = {}): Promise<PersonAnswer> {
  const person = await caller.json<PersonAnswer>('POST', '/v1/collections/wake/people', { name, ...more });
  const path = `/v1/collections/wake/people/${person.id}/faces`;
  expect((await caller.form<EnrolAnswer>(path, { photos })).accepted).toBe(photos.length);
  return person;
}

describe('erasing a person', () => {
  it('leaves no object, point, job or key that holds him, and others as they were', async () => {
    const [left, middle, right] = guests.portraits;
    const second = new Uint8Array(await sharp(right).resize(300).jpeg().toBuffer());
    await caller.json('POST', '/v1/webhooks', { url: receiver.url });
    const gone = await newPerson(NAME, [right, second], {
      externalId: EXTERNAL_ID,
      metadata: { note: `${NAME} was here` },
    });
    const stays = await newPerson('Stays', [left]);
    const also = await newPerson('Also', [middle]);
    const party = await submitPhoto(caller, 'wake', guests.photos[1]!);
    const elsewhere = await submitPhoto(caller, 'wake', guests.photos[3]!);
    const job = await caller.json<{ id: string }>('POST', '/v1/jobs', {
      ...{ collection: 'wake', items: [{ bucket: 'shelf', key: 'three.jpg' }] },
    });
    await vi.waitFor(
      async () => expect(await caller.json('GET', `/v1/jobs/${job.id}`)).toMatchObject({ state: 'completed' }),
      { timeout: 30_000, interval: 200 },
    );
    expect(await ledgersOf(job.id)).toContain(gone.id);
    const people = (asset: AssetAnswer): (string | undefined)[] =>
      (asset.result?.faces ?? []).map(({ personId }) => personId).filter((id) => id !== undefined);
    expect(people(party).sort()).toEqual([gone.id, stays.id, also.id].sort());
    expect(people(elsewhere)).toEqual([gone.id]);
    // A job that names him and cannot go on: its photo is no photo.
    await caller.askForm(`/v1/collections/wake/people/${gone.id}/faces`, { photos: Buffer.from('text') });
    const traces = [gone.id, NAME, EXTERNAL_ID];
    await vi.waitFor(
      () => expect(receiver.received.filter(({ body }) => body.includes(gone.id)).length).toBeGreaterThan(3),
      { timeout: 30_000, interval: 50 },
    );
    const before = (await scanRedis(traces)).join('\n');
    expect(before).toMatch(/delivery_/);
    expect(before).toMatch(/attempts/);

    const erased = await caller.json<{ receipt: string; erased: boolean }>(
      'DELETE',
      `/v1/collections/wake/people/${gone.id}?erase=all&suppress=true`,
    );
    expect(erased.erased).toBe(true);
    expect(await scanStores(api.dataDir, traces)).toEqual([]);
    expect(await ledgersOf(job.id)).not.toContain(gone.id);
    expect(await ledgersOf(job.id)).toContain('three.jpg');
    expect(await scanRedis(traces)).toEqual([]);
    await vi.waitFor(() => expect(receiver.received.map(({ body }) => typeOf(body))).toContain('person.erased'), {
      ...{ timeout: 30_000, interval: 50 },
    });
    expect(await caller.ask('GET', `/v1/collections/wake/people/${gone.id}`)).toMatchObject({ status: 404 });

    const after = await caller.json<AssetAnswer>('GET', `/v1/assets/${party.id}`);
    expect(people(after).sort()).toEqual([stays.id, also.id].sort());
    expect(after.result).toMatchObject({ erasedFaces: 1 });
    expect(after.result?.faces).toHaveLength(2);
    for (const { index } of after.result!.faces) {
      expect((await caller.bytes(`/v1/assets/${party.id}/faces/${index}/crop`)).byteLength).toBeGreaterThan(500);
    }
    const search = await caller.form<{ faces: { candidates: { personId: string }[] }[] }>(
      '/v1/collections/wake/search',
      { image: right },
    );
    expect(search.faces.flatMap(({ candidates }) => candidates.map(({ personId }) => personId))).not.toContain(gone.id);

    const receipt = await caller.json<{ counts: Record<string, number>; digest: string }>(
      'GET',
      `/v1/receipts/${erased.receipt}`,
    );
    expect(receipt.counts).toMatchObject({ people: 1, references: 2, blankedFaces: 3 });
    expect(receipt.counts['assets']).toBeGreaterThanOrEqual(2);
    expect(receipt.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps the same person and photos from coming back as known', async () => {
    const again = await caller.ask('POST', '/v1/collections/wake/people', {
      name: 'New name',
      externalId: EXTERNAL_ID,
    });
    expect(again).toMatchObject({ status: 403, body: { code: 'API.PERSON_SUPPRESSED' } });
    const { id } = await caller.json<PersonAnswer>('POST', '/v1/collections/wake/people', { name: 'New name' });
    const answer = await caller.form<EnrolAnswer>(`/v1/collections/wake/people/${id}/faces`, {
      photos: guests.portraits[2],
    });
    expect(answer.photos[0]).toMatchObject({ outcome: 'refused', reason: 'suppressed' });
  });

  it('makes a photo that is tagged again know nothing of the erased face', async () => {
    const photo = await submitPhoto(caller, 'wake', guests.photos[1]!);
    expect(photo.result).toMatchObject({ erasedFaces: 1 });
    await vi.waitFor(async () => {
      const asset = await awaitAsset(caller, photo.id);
      expect(asset.result?.faces).toHaveLength(2);
    });
  });
});
