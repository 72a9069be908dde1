import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitForAsset } from './asset.waiter.js';
import { type Asset, createFacelane, type Facelane } from './index.js';
import { DescribedServer, KEY } from './testing/described.server.js';

let server: DescribedServer;
let facelane: Facelane;

beforeAll(async () => {
  server = await DescribedServer.start();
  facelane = createFacelane({ url: server.url, key: KEY });
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const asset = (state: Asset['state'], more: object = {}): Asset => ({
  id: 'x',
  state,
  collection: 'friends',
  tags: [],
  submittedAt: '',
  source: '',
  stages: [],
  ...more,
});
const done = asset('done', { result: { contract: 'a', photo: {}, faces: [], droppedFaces: 0 } });
const failed = asset('failed', { failure: { code: 'INGEST.CORRUPT', remedy: 'Send another one.' } });

describe('submitAndWait', () => {
  const photo = { collection: 'friends', source: { url: 'https://example.com/a.jpg' } };

  it('asks until the photo is done', async () => {
    server.answer('getAsset', { body: asset('pending') }, { body: asset('pending') }, { body: done });
    const finished = await facelane.assets.submitAndWait(photo);
    expect(finished).toEqual(done);
    expect(server.seen.map(({ operation }) => operation)).toEqual(['createAsset', 'getAsset', 'getAsset', 'getAsset']);
  });

  it('returns a photo that failed, with the reason', async () => {
    server.answer('getAsset', { body: asset('pending') }, { body: failed });
    const finished = await facelane.assets.submitAndWait(photo);
    expect(finished.state === 'failed' && finished.failure?.code).toBe('INGEST.CORRUPT');
  });

  it('ends with the reason of the signal', async () => {
    server.answer('getAsset', ...Array.from({ length: 50 }, () => ({ body: asset('pending') })));
    const giving = new AbortController();
    const waiting = facelane.assets.submitAndWait(photo, { signal: giving.signal });
    await vi.waitFor(() => expect(server.seen.length).toBeGreaterThan(2));
    giving.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('ends when the API does not know the photo', async () => {
    server.answer('getAsset', { status: 404 });
    await expect(facelane.assets.wait('0190163d-8694-739b-aea5-966c26f8ad91')).rejects.toMatchObject({ status: 404 });
  });
});

describe('waitForAsset', () => {
  it('asks ever more rarely, and every five seconds at last', async () => {
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    let left = 15;
    const read = (): Promise<Asset> => Promise.resolve((left -= 1) > 0 ? asset('pending') : done);
    await waitForAsset(read, undefined, wait);
    expect(waits[0]).toBe(100);
    expect(waits[1]).toBe(150);
    expect(waits.at(-1)).toBe(5_000);
  });

  it('goes on while a photo that is done has no result yet', async () => {
    const states = [asset('done'), done];
    await expect(
      waitForAsset(
        () => Promise.resolve(states.shift()!),
        undefined,
        () => Promise.resolve(),
      ),
    ).resolves.toBe(done);
  });
});
