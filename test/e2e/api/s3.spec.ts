import { S3ObjectStore } from '@facelane/object-store';
import { requireModels, type S3Server, startS3Server } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { EnrolAnswer, PersonAnswer } from '../../support/api.types.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';
import { type Guests, inviteGuests } from '../../support/guests.js';
import { s3Settings } from '../../support/product.js';

let s3: S3Server;
let store: S3ObjectStore;
let api: RunningApi;
let caller: ApiCaller;
let guests: Guests;

beforeAll(async () => {
  const models = await requireModels();
  s3 = await startS3Server();
  store = new S3ObjectStore(s3);
  api = await startStandaloneApi(s3Settings(s3));
  caller = api.as(api.key);
  guests = await inviteGuests(caller, models);
  await caller.json('POST', '/v1/collections', { id: 'cloud' });
}, 120_000);
afterAll(async () => {
  await api.stop();
  await store.close();
  await s3.stop();
});

async function keysBelow(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

it('uploads straight to the bucket, past the API', async () => {
  const upload = await caller.json<{ url: string; headers: Record<string, string>; source: unknown }>(
    ...(['POST', '/v1/uploads', {}] as const),
  );
  expect(new URL(upload.url).host).toBe(new URL(s3.endpoint).host);
  const body = new Uint8Array(guests.photos[1]!);
  expect((await fetch(upload.url, { method: 'PUT', headers: upload.headers, body })).status).toBe(200);
  const { id } = await caller.json<{ id: string }>('POST', '/v1/assets', {
    source: upload.source,
    collection: 'cloud',
  });
  expect(await awaitAsset(caller, id)).toMatchObject({ state: 'done' });
  await caller.json('DELETE', `/v1/assets/${id}`);
  expect((await keysBelow('tenants/default/')).filter((key) => key.includes(id))).toEqual([]);
  expect(await keysBelow('tenants/default/uploads/')).toEqual([]);
  expect(await keysBelow('tenants/default/photos/')).toEqual([]);
});

it('enrols two photos of a person at once without conditional writes, searches, and erases', async () => {
  const person = await caller.json<PersonAnswer>('POST', '/v1/collections/cloud/people', { name: 'Nimbus Rainwater' });
  const at = `/v1/collections/cloud/people/${person.id}`;
  const [portrait] = guests.portraits;
  const answers = await Promise.all(
    [portrait, guests.portraits[1]].map((photo) =>
      caller.form<EnrolAnswer>(`${at}/faces`, { photos: photo, quality: 'off' }),
    ),
  );
  expect(answers.map(({ accepted }) => accepted)).toEqual([1, 1]);
  expect(await caller.json('GET', at)).toMatchObject({ references: 2 });

  const before = await keysBelow('');
  const search = await caller.form<{ faces: { personId?: string }[] }>('/v1/collections/cloud/search', {
    image: portrait,
  });
  expect(search.faces.map(({ personId }) => personId)).toEqual([person.id]);
  expect(await keysBelow('')).toEqual(before);

  const party = await submitPhoto(caller, 'cloud', guests.photos[1]!);
  await caller.json('DELETE', `${at}?erase=all`);
  expect(await caller.json('GET', `/v1/assets/${party.id}`)).toMatchObject({ result: { erasedFaces: 1 } });
  for (const key of await keysBelow('')) {
    const text = Buffer.from((await store.get(key)).body).toString('latin1');
    expect([key, text].some((where) => where.includes(person.id) || where.includes('Nimbus'))).toBe(false);
  }
});
