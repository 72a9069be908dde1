import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FsObjectStore } from '@facelane/object-store';
import { requireModels, samplePhoto } from '@facelane/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { AssetAnswer, PageAnswer } from '../../support/api.types.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';
import { scanStores } from '../../support/scan-stores.js';

interface Accepted {
  readonly id: string;
  readonly state: string;
}

let api: RunningApi;
let caller: ApiCaller;
let photo: Uint8Array;
let web: Server;
let webAddress: string;

beforeAll(async () => {
  photo = await samplePhoto(await requireModels(), 1);
  web = createServer((request, response) => {
    if (request.url === '/photo.jpg') response.setHeader('content-type', 'image/jpeg').end(photo);
    else response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webAddress = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  api = await startStandaloneApi({
    API_SOURCE_BUCKETS: 'shared-photos,default=own-photos/in/',
    SOURCE_URL_HTTP: 'true',
    SOURCE_URL_ALLOW: '127.0.0.1',
  });
  caller = api.as(api.key);
  await caller.json('POST', '/v1/collections', { id: 'album' });
}, 120_000);
afterAll(async () => {
  await api.stop();
  web.close();
});

const submit = (body: unknown, headers?: Record<string, string>): ReturnType<ApiCaller['ask']> =>
  caller.ask('POST', '/v1/assets', body, headers);

/** Another photo with the same people in it: the bytes differ. */
const variant = async (quality: number): Promise<Uint8Array> =>
  new Uint8Array(await sharp(photo).resize(640).jpeg({ quality }).toBuffer());

describe('a photo', () => {
  it('is accepted at once, followed by stage, and shown with its faces', async () => {
    const form = { source: photo, collection: 'album', externalId: 'party-1', tags: ['party', '2026'] };
    const accepted = await caller.askForm<Accepted>('/v1/assets', form);
    expect(accepted).toMatchObject({ status: 202, body: { state: 'pending', collection: 'album' } });
    const { id } = accepted.body;
    expect((await caller.json<AssetAnswer>('GET', `/v1/assets/${id}`)).stages.map(({ stage }) => stage)).toEqual([
      ...['ingest', 'detect', 'embed', 'match'],
    ]);
    const asset = await awaitAsset(caller, id);
    expect(asset).toMatchObject({ state: 'done', externalId: 'party-1', tags: ['party', '2026'] });
    expect(asset.stages.every(({ state }) => state === 'done')).toBe(true);
    expect(asset.result?.faces).toHaveLength(3);
    expect(asset.result?.faces[0]).toMatchObject({
      ...{ decision: 'none', candidates: [], qualityReasons: expect.any(Array) as unknown[] },
      threshold: { cosine: expect.any(Number) as number, fmr: 1e-3 },
    });
    const crop = await sharp(await caller.bytes(`/v1/assets/${id}/faces/2/crop`)).metadata();
    expect(crop).toMatchObject({ format: 'jpeg', width: 112, height: 112 });
    expect(await caller.ask('GET', `/v1/assets/${id}/faces/3/crop`)).toMatchObject({ status: 404 });
  });

  it('of a bucket is one asset however often it is named', async () => {
    const store = new FsObjectStore({ root: join(api.dataDir, 'objects'), bucket: 'shared-photos' });
    await store.put('2026/a.jpg', photo, { contentType: 'image/jpeg' });
    const body = { source: { bucket: 'shared-photos', key: '2026/a.jpg' }, collection: 'album' };
    const [first, second] = [await submit(body), await submit(body)] as { body: Accepted }[];
    expect(first!.body.id).toBe(second!.body.id);
    expect(await awaitAsset(caller, first!.body.id)).toMatchObject({ state: 'done' });
    // What is the caller's own stays when the asset goes.
    await caller.json('DELETE', `/v1/assets/${first!.body.id}`);
    expect(await store.head('2026/a.jpg')).toBeDefined();
  });

  it.each([
    ['another bucket', 'others', 'a.jpg'],
    ['a key beside the allowed prefix', 'own-photos', 'a.jpg'],
    ['the documents of a tenant', 'facelane', 'tenants/default/collections/album/collection.json'],
    ['uploads of another tenant', 'facelane', 'tenants/acme/uploads/x'],
  ])('of %s is refused', async (_what, bucket, key) => {
    const answer = await submit({ source: { bucket, key }, collection: 'album' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'API.SOURCE_NOT_ALLOWED' } });
  });

  it('is fetched from the web, and never from a private address', async () => {
    const fetched = await submit({ source: { url: `${webAddress}/photo.jpg` }, collection: 'album' });
    expect(await awaitAsset(caller, (fetched.body as Accepted).id)).toMatchObject({ state: 'done' });
    for (const url of ['http://169.254.169.254/latest/meta-data', `${webAddress}/redirect`, 'http://[::1]/a.jpg']) {
      const refused = await submit({ source: { url }, collection: 'album' });
      const asset = await awaitAsset(caller, (refused.body as Accepted).id);
      expect(asset).toMatchObject({ state: 'failed', failure: { stage: 'ingest', code: 'INGEST.URL_NOT_ALLOWED' } });
    }
  });

  it('is uploaded past the API to an address that is good for that alone', async () => {
    const upload = await caller.json<{ url: string; headers: Record<string, string>; source: unknown }>(
      'POST',
      '/v1/uploads',
      { contentType: 'image/jpeg' },
    );
    const address = new URL(upload.url, api.address);
    const put = (to: URL, headers = upload.headers): Promise<Response> =>
      fetch(to, { method: 'PUT', headers, body: new Uint8Array(photo) });
    const forged = new URL(address);
    forged.searchParams.set('expires', '9999999999');
    expect((await put(forged)).status).toBe(403);
    expect((await put(address)).status).toBe(204);
    const { body } = await submit({ source: upload.source, collection: 'album' });
    expect(await awaitAsset(caller, (body as Accepted).id)).toMatchObject({ state: 'done' });
  });

  it('that is none fails with a code and a remedy, and harms no other', async () => {
    const { id } = await caller.form<Accepted>('/v1/assets', { source: Buffer.from('text'), collection: 'album' });
    expect(await awaitAsset(caller, id)).toMatchObject({
      state: 'failed',
      failure: { stage: 'ingest', code: 'INGEST.NOT_AN_IMAGE', remedy: expect.any(String) as string },
    });
  });
});

describe('an Idempotency-Key', () => {
  it('answers the same request from the first one, and refuses another', async () => {
    const headers = { 'idempotency-key': 'once-1' };
    const form = { source: photo, collection: 'album' };
    const first = await caller.askForm<Accepted>('/v1/assets', form, headers);
    const again = await caller.askForm<Accepted>('/v1/assets', form, headers);
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await caller.askForm('/v1/assets', { ...form, externalId: 'x' }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'API.IDEMPOTENCY_CONFLICT' } });
    const fresh = await caller.askForm<Accepted>('/v1/assets', form, { 'idempotency-key': 'once-2' });
    expect(fresh.body.id).not.toBe(first.body.id);
    await Promise.all([first, fresh].map(({ body }) => awaitAsset(caller, body.id)));
  });
});

describe('the list', () => {
  const list = (query: string): Promise<PageAnswer<{ id: string; tags: string[] }>> =>
    caller.json('GET', `/v1/assets?collection=shelf&${query}`);

  it('is filtered by tag, state and time, and paged to the end', async () => {
    await caller.json('POST', '/v1/collections', { id: 'shelf' });
    const photos = await Promise.all([50, 60, 70, 80, 90].map(variant));
    const assets: AssetAnswer[] = [];
    for (const [i, bytes] of photos.entries()) {
      assets.push(await submitPhoto(caller, 'shelf', bytes, { tags: i < 2 ? 'few' : 'many' }));
    }
    const failed = await submitPhoto(caller, 'shelf', Buffer.from('text'));
    const ids = [...assets, failed].map(({ id }) => id).sort();
    const pages: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const page: PageAnswer<{ id: string }> = await list(`limit=2${next === '' ? '' : `&cursor=${next}`}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      pages.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    // One that never was a photo has a result and no document.
    expect(pages).toEqual(ids);
    expect(failed.state).toBe('failed');
    expect((await list('tag=few')).items).toHaveLength(2);
    expect((await list('state=done')).items).toHaveLength(5);
    expect((await list('state=failed')).items.map(({ id }) => id)).toEqual([failed.id]);
    expect((await list('state=pending')).items).toHaveLength(0);
    expect((await list(`submittedAfter=${new Date().toISOString()}`)).items).toHaveLength(0);
    expect((await list(`submittedBefore=${new Date().toISOString()}`)).items).toHaveLength(6);
    expect(await caller.ask('GET', '/v1/assets?collection=shelf&cursor=bm9uZQ')).toMatchObject({ status: 400 });
  });
});

describe('deleting', () => {
  it('removes every trace of a photo, and nothing of another with the same bytes', async () => {
    const bytes = await variant(77);
    await caller.json('POST', '/v1/collections', { id: 'bin' });
    const doomed = await submitPhoto(caller, 'bin', bytes, { externalId: 'doomed-photo' });
    const twin = await submitPhoto(caller, 'bin', bytes);
    await caller.json('DELETE', `/v1/assets/${doomed.id}`);
    expect(await caller.ask('GET', `/v1/assets/${doomed.id}`)).toMatchObject({ status: 404 });
    expect(await scanObjects([doomed.id, 'doomed-photo'])).toEqual([]);
    expect(await caller.json('GET', `/v1/assets/${twin.id}`)).toMatchObject({ state: 'done' });
    expect((await caller.bytes(`/v1/assets/${twin.id}/faces/0/crop`)).byteLength).toBeGreaterThan(500);

    await caller.json('DELETE', `/v1/assets/${twin.id}`);
    expect(await scanObjects([twin.id])).toEqual([]);
    await caller.json('DELETE', '/v1/collections/bin');
    expect(await caller.ask('GET', '/v1/collections/bin')).toMatchObject({ status: 404 });
  });

  const scanObjects = (texts: readonly string[]): Promise<string[]> => scanStores(join(api.dataDir, 'objects'), texts);
});
