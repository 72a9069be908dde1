import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createFacelane, type Facelane, type Job, type JobItem } from '@facelane/client';
import { FsObjectStore } from '@facelane/object-store';
import { requireModels, samplePhoto } from '@facelane/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import { awaitAsset } from '../../support/await-asset.js';

const BUCKET = 'shared-photos';

let api: RunningApi;
let caller: ApiCaller;
let facelane: Facelane;
let store: FsObjectStore;

beforeAll(async () => {
  const photo = await samplePhoto(await requireModels(), 1);
  api = await startStandaloneApi({ API_SOURCE_BUCKETS: BUCKET, BULK_WINDOW: '4' });
  caller = api.as(api.key);
  facelane = createFacelane({ url: api.address, key: api.key });
  store = new FsObjectStore({ root: join(api.dataDir, 'objects'), bucket: BUCKET });
  await caller.json('POST', '/v1/collections', { id: 'album' });
  await put('people/a.jpg', new Uint8Array(await sharp(photo).resize(640).jpeg({ quality: 80 }).toBuffer()));
  await put('people/same.jpg', (await store.get('people/a.jpg')).body);
  for (let n = 0; n < 12; n += 1) await put(`plain/${String(n).padStart(2, '0')}.jpg`, await plain(n));
  await put('plain/notes.txt', new TextEncoder().encode('no photo'));
}, 120_000);
afterAll(() => api.stop());

const put = (key: string, bytes: Uint8Array, type = 'image/jpeg'): Promise<unknown> =>
  store.put(key, bytes, { contentType: type });

/** A photo with nobody in it; each is another one. */
const plain = async (n: number): Promise<Uint8Array> =>
  new Uint8Array(
    await sharp({ create: { width: 64, height: 64, channels: 3, background: { r: n * 10, g: 90, b: 120 } } })
      .jpeg()
      .toBuffer(),
  );

const object = (key: string): { bucket: string; key: string } => ({ bucket: BUCKET, key });
const signal = (): AbortSignal => AbortSignal.timeout(90_000);

async function itemsOf(id: string, query: object = {}): Promise<JobItem[]> {
  const items: JobItem[] = [];
  for await (const item of facelane.jobs.items(id, query)) items.push(item);
  return items;
}

async function resultsOf(id: string): Promise<JobItem[]> {
  const file = Buffer.from(await new Response(await facelane.jobs.results(id)).arrayBuffer());
  const lines = gunzipSync(file).toString('utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as JobItem);
}

const sumOf = ({ counts }: Job): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

describe('a job', () => {
  it('of items accounts for each, with faces, and is followed to its end', async () => {
    const items = [
      { ...object('people/a.jpg'), externalId: 'party-1', tags: ['party'] },
      object('people/a.jpg'),
      object('plain/00.jpg'),
      object('plain/missing.jpg'),
    ];
    const made = await facelane.jobs.create({ items, collection: 'album', tags: ['bulk'] });
    expect(made).toMatchObject({ collection: 'album', total: 4, wish: 'run', tags: ['bulk'] });
    const seen: Job[] = [];
    for await (const job of facelane.jobs.follow(made.id, { signal: signal() })) seen.push(job);
    const job = seen.at(-1)!;
    expect(job).toMatchObject({
      ...{ state: 'completed', accounted: 4, failures: { 'INGEST.SOURCE_MISSING': 1 }, stages: [] },
      counts: { done: 1, no_faces: 1, duplicate: 1, failed: 1, cancelled: 0 },
    });
    const listed = await itemsOf(made.id);
    expect(listed.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    const first = listed.find(({ externalId }) => externalId === 'party-1')!;
    expect(first.item).toBe(`s3://${BUCKET}/people/a.jpg`);
    const done = listed.find(({ outcome }) => outcome === 'done')!;
    expect(done.faces).toHaveLength(3);
    expect(listed[1]).toMatchObject({ outcome: 'duplicate', duplicateOf: { assetId: done.assetId, line: 1 } });
    expect(await resultsOf(made.id)).toEqual(listed);
    expect(job.results?.key).toMatch(/results\.jsonl\.gz$/);
    expect(await awaitAsset(caller, first.assetId!)).toMatchObject({ tags: ['bulk', 'party'], externalId: 'party-1' });
  }, 120_000);

  it('links a photo whose bytes were there before to what was found in them', async () => {
    const { id } = await facelane.jobs.create({ items: [object('people/same.jpg')], collection: 'album' });
    expect(await facelane.jobs.waitForEnd(id, { signal: signal() })).toMatchObject({ counts: { duplicate: 1 } });
    const [item] = await itemsOf(id);
    expect((await facelane.assets.get(item!.duplicateOf!.assetId)).source).toBe(`s3://${BUCKET}/people/a.jpg`);
  }, 120_000);

  it('of a manifest reports broken lines and goes on, and counts no line twice', async () => {
    const lines = [
      JSON.stringify(object('plain/01.jpg')),
      '{"key": ',
      JSON.stringify({ key: 'plain/02.jpg', externalId: 'two' }),
      JSON.stringify(object('plain/01.jpg')),
      JSON.stringify({ bucket: 'elsewhere', key: 'a.jpg' }),
    ];
    await put('lists/some.jsonl', new TextEncoder().encode(lines.join('\n')), 'application/x-ndjson');
    const { id } = await facelane.jobs.create({ manifest: object('lists/some.jsonl'), collection: 'album' });
    const job = await facelane.jobs.waitForEnd(id, { signal: signal() });
    expect(job).toMatchObject({
      ...{ state: 'completed', accounted: 5, counts: { no_faces: 2, duplicate: 1, failed: 2 } },
      failures: { 'BULK.LINE_INVALID': 1, 'BULK.SOURCE_NOT_ALLOWED': 1 },
    });
    expect(await itemsOf(id, { outcome: 'failed', code: 'BULK.LINE_INVALID' })).toMatchObject([
      { line: 2, failure: { stage: 'manifest', retryable: false } },
    ]);
    const pages = [];
    for await (const page of facelane.jobs.items(id, { limit: 2 }).pages()) pages.push(...page.items);
    expect(pages.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
  }, 120_000);

  it('of a manifest that is uploaded first', async () => {
    const text = `bucket,key,externalId\n${BUCKET},plain/03.jpg,three\n`;
    const manifest = await facelane.uploads.put(new Blob([text]), { contentType: 'text/csv' });
    const { id } = await facelane.jobs.create({ manifest, collection: 'album' });
    const job = await facelane.jobs.waitForEnd(id, { signal: signal() });
    expect(job).toMatchObject({ state: 'completed', counts: { no_faces: 1 } });
    expect(await itemsOf(id)).toMatchObject([{ externalId: 'three', outcome: 'no_faces' }]);
  }, 120_000);

  it('of a prefix takes what is a photo by its name', async () => {
    const { id } = await facelane.jobs.create({ prefix: { bucket: BUCKET, prefix: 'plain/' }, collection: 'album' });
    const job = await facelane.jobs.waitForEnd(id, { signal: signal() });
    expect(job).toMatchObject({ state: 'completed', accounted: 12, source: `s3://${BUCKET}/plain/`, total: 12 });
    expect(sumOf(job)).toBe(12);
  }, 120_000);

  it('whose manifest is missing fails, and says why', async () => {
    const { id } = await facelane.jobs.create({ manifest: object('lists/none.jsonl'), collection: 'album' });
    const job = await facelane.jobs.waitForEnd(id, { signal: signal() });
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'BULK.MANIFEST_MISSING' } });
  }, 120_000);

  it('is paused, resumed and cancelled, and every item is accounted for', async () => {
    const items = Array.from({ length: 3_000 }, (_, n) => object(`absent/${n}.jpg`));
    const { id } = await facelane.jobs.create({ items, collection: 'album' });
    expect(await facelane.jobs.pause(id)).toMatchObject({ wish: 'pause' });
    const until = (state: Job['state']): Promise<void> =>
      vi.waitFor(async () => expect((await facelane.jobs.get(id)).state).toBe(state), {
        timeout: 60_000,
        interval: 100,
      });
    await until('paused');
    const paused = await facelane.jobs.get(id);
    expect(paused.accounted).toBeLessThan(3_000);
    await expect(facelane.jobs.retry(id)).rejects.toMatchObject({ code: 'API.JOB_UNFINISHED' });
    await facelane.jobs.resume(id);
    await until('running');
    await facelane.jobs.cancel(id);
    const job = await facelane.jobs.waitForEnd(id, { signal: signal() });
    expect(job).toMatchObject({ state: 'cancelled', accounted: 3_000 });
    expect(job.counts.cancelled).toBeGreaterThan(0);
    expect(sumOf(job)).toBe(3_000);
    const refused = await caller.ask('POST', `/v1/jobs/${id}/resume`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'API.JOB_ENDED' } });
  }, 120_000);

  it('has what failed in it tried again, by its code, as a job of its own', async () => {
    const items = [object('later/a.jpg'), object('plain/05.jpg'), { ...object('never/b.jpg'), tags: ['b'] }];
    const { id } = await facelane.jobs.create({ items, collection: 'album' });
    await facelane.jobs.waitForEnd(id, { signal: signal() });
    await put('later/a.jpg', await plain(21));
    await expect(facelane.jobs.retry(id, 'INGEST.EMPTY')).rejects.toMatchObject({ code: 'API.JOB_NOTHING_FAILED' });
    const again = await facelane.jobs.retry(id, 'INGEST.SOURCE_MISSING', { idempotencyKey: 'again' });
    expect(again).toMatchObject({ retryOf: id, total: 2 });
    const ended = await facelane.jobs.waitForEnd(again.id, { signal: signal() });
    expect(ended).toMatchObject({ state: 'completed', accounted: 2, counts: { no_faces: 1, failed: 1 } });
    expect((await facelane.jobs.retry(id, 'INGEST.SOURCE_MISSING', { idempotencyKey: 'again' })).id).toBe(again.id);
    expect(await facelane.jobs.get(id)).toMatchObject({ counts: { no_faces: 1, failed: 2 } });
  }, 120_000);

  it('is one job however often it is asked for under one key', async () => {
    const wish = { items: [object('plain/04.jpg')], collection: 'album' };
    const first = await caller.ask<Job>('POST', '/v1/jobs', wish, { 'idempotency-key': 'one-job' });
    const second = await caller.ask<Job>('POST', '/v1/jobs', wish, { 'idempotency-key': 'one-job' });
    expect([first.status, second.body.id]).toEqual([202, first.body.id]);
    const other = await caller.ask('POST', '/v1/jobs', { ...wish, weight: 2 }, { 'idempotency-key': 'one-job' });
    expect(other).toMatchObject({ status: 422, body: { code: 'API.IDEMPOTENCY_CONFLICT' } });
    await facelane.jobs.waitForEnd(first.body.id, { signal: signal() });
  }, 120_000);

  it('is nobody else’s', async () => {
    const { items } = await facelane.jobs.list({ limit: 1 }).page();
    const stranger = api.as(await api.newKey('acme', ['assets:write']));
    for (const path of ['', '/items', '/events', '/results']) {
      const answer = await stranger.ask('GET', `/v1/jobs/${items[0]!.id}${path}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'API.JOB_MISSING' } });
    }
    expect((await stranger.json<{ items: unknown[] }>('GET', '/v1/jobs')).items).toEqual([]);
    const searcher = api.as(await api.newKey('default', ['search']));
    expect(await searcher.ask('GET', '/v1/jobs')).toMatchObject({ status: 403, body: { code: 'API.SCOPE_MISSING' } });
  });
});

describe('a stream of events', () => {
  it('is one, begins at once, and is not what the job lives by', async () => {
    const items = Array.from({ length: 2_000 }, (_, n) => object(`gone/${n}.jpg`));
    const { id } = await facelane.jobs.create({ items, collection: 'album' });
    const leaving = new AbortController();
    const answer = await fetch(`${api.address}/v1/jobs/${id}/events`, {
      headers: { authorization: `Bearer ${api.key}` },
      signal: leaving.signal,
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const { value } = await (answer.body as ReadableStream<Uint8Array>).getReader().read();
    const [line = ''] = new TextDecoder().decode(value).split('\n');
    expect(JSON.parse(line.slice('data: '.length))).toMatchObject({ id, total: 2_000 });
    leaving.abort();
    expect(await facelane.jobs.get(id)).not.toHaveProperty('endedAt');
    await facelane.jobs.cancel(id);
    await facelane.jobs.waitForEnd(id, { signal: signal() });
  }, 120_000);
});

describe('a notification', () => {
  const event = (...keys: readonly string[]): object => ({
    Records: keys.map((key) => ({
      eventName: 's3:ObjectCreated:Put',
      s3: { bucket: { name: BUCKET }, object: { key } },
    })),
  });

  it('has new photos tagged, each once however often it comes', async () => {
    await put('new/a b.jpg', await plain(20));
    const send = (): Promise<{ assets: string[]; passedOver: number }> =>
      caller.json('POST', '/v1/notifications/album', event('new/a+b.jpg', 'new/readme.txt'));
    const [first, second] = [await send(), await send()];
    expect(first).toMatchObject({ assets: [expect.any(String)], passedOver: 1 });
    expect(second.assets).toEqual(first.assets);
    expect(await awaitAsset(caller, first.assets[0]!)).toMatchObject({ source: `s3://${BUCKET}/new/a b.jpg` });
  }, 60_000);

  it('may come as text, as SNS sends it, and needs a key or a signature', async () => {
    const send = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${api.address}/v1/notifications/album`, {
        ...{ method: 'POST', body, headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers } },
      });
    const withKey = { authorization: `Bearer ${api.key}` };
    expect((await send(JSON.stringify(event()), withKey)).status).toBe(202);
    expect((await send('{', withKey)).status).toBe(400);
    expect((await send(JSON.stringify(event('plain/00.jpg')))).status).toBe(401);
    const message = {
      ...{ Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:eu-central-1:123456789012:t', Message: '{}' },
      ...{ Timestamp: 't', SignatureVersion: '2', Signature: 'AAAA', SigningCertURL: 'https://127.0.0.1/a.pem' },
    };
    const refused = await send(JSON.stringify(message));
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      403,
      'API.NOTIFICATION_REFUSED',
    ]);
    expect((await send(JSON.stringify(message), withKey)).status).toBe(403);
  });
});
