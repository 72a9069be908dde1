import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFacelane, type Facelane } from './index.js';
import { waitBeforeRetry } from './retry.policy.js';
import { type Fetch, retryingFetch } from './retrying.fetch.js';
import { DescribedServer, KEY } from './testing/described.server.js';

let server: DescribedServer;
let facelane: Facelane;

beforeAll(async () => {
  server = await DescribedServer.start();
  facelane = createFacelane({ url: server.url, key: KEY });
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const later = { status: 503, headers: { 'retry-after': '0' } };

describe('a call', () => {
  it.each([
    ['429', { ...later, status: 429 }],
    ['503', later],
    ['no answer', { hangUp: 'before' }],
    ['half an answer', { hangUp: 'within' }],
  ] as const)('is sent again after %s', async (_what, answer) => {
    server.answer('whoAmI', answer, answer);
    await facelane.system.whoAmI();
    expect(server.seen).toHaveLength(3);
  });

  it('is sent four times at most, and then fails with the last answer', async () => {
    server.answer('whoAmI', later, later, later, later, later);
    await expect(facelane.system.whoAmI()).rejects.toMatchObject({ status: 503, retryAfterSeconds: 0 });
    expect(server.seen).toHaveLength(4);
  });

  it('is sent once when retries are off', async () => {
    server.answer('whoAmI', later);
    await expect(createFacelane({ url: server.url, key: KEY, retries: 0 }).system.whoAmI()).rejects.toThrow();
    expect(server.seen).toHaveLength(1);
  });

  it.each([400, 401, 404, 409, 422, 500])('is not sent again after %i', async (status) => {
    server.answer('whoAmI', { status });
    await expect(facelane.system.whoAmI()).rejects.toMatchObject({ status });
    expect(server.seen).toHaveLength(1);
  });

  it('that makes something is sent once, unless it has an Idempotency-Key', async () => {
    server.answer('createPerson', later);
    await expect(facelane.people.create('friends', { name: 'Ada' })).rejects.toMatchObject({ status: 503 });
    expect(server.seen).toHaveLength(1);
  });

  it('that only asks is sent again, though it is a POST', async () => {
    server.answer('detect', later);
    server.answer('search', later, later);
    await facelane.recognition.detect(new Uint8Array([1]));
    await facelane.recognition.search('friends', { image: new Uint8Array([1]) });
    await expect(
      facelane.recognition.search('friends', { image: new Uint8Array([1]), store: true }),
    ).resolves.toBeDefined();
    expect(server.seen.map(({ operation }) => operation)).toEqual([
      'detect',
      'detect',
      ...Array<string>(4).fill('search'),
    ]);
    server.answer('search', later);
    await expect(facelane.recognition.search('friends', { image: new Uint8Array([1]), store: true })).rejects.toThrow();
  });

  it('that submits a photo has the same key and the same bytes each time, and another one in the next call', async () => {
    server.answer('createAsset', later, { status: 409, headers: { 'retry-after': '0' } });
    const photo = new Uint8Array([1, 2, 3]);
    await facelane.assets.submit({ collection: 'friends', source: photo });
    await facelane.assets.submit({ collection: 'friends', source: photo });
    await facelane.assets.submit({ collection: 'friends', source: photo }, { idempotencyKey: 'mine' });
    const keys = server.seen.map(({ headers }) => String(headers['idempotency-key']));
    expect(keys).toHaveLength(5);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(new Set(keys).size).toBe(3);
    expect(keys[4]).toBe('mine');
    for (const { files } of server.seen) expect(files['source']?.[0]).toEqual(Buffer.from(photo));
  });

  it('stops waiting when it is given up', async () => {
    server.answer('whoAmI', { status: 503, headers: { 'retry-after': '60' } });
    const giving = new AbortController();
    const call = facelane.system.whoAmI({ signal: giving.signal });
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    giving.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});

describe('retryingFetch', () => {
  /** The waits between answers of these statuses. */
  async function waitsFor(...answers: (readonly [status: number, retryAfter?: string])[]): Promise<number[]> {
    const waits: number[] = [];
    const fetch: Fetch = () => {
      const [status, retryAfter] = answers.shift() ?? [200];
      return Promise.resolve(
        new Response('', { status, ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }) }),
      );
    };
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    await retryingFetch({ fetch, retries: 5, wait })(new Request('http://127.0.0.1'));
    return waits;
  }

  it('waits as long as it is told', async () => {
    const inHalfAMinute = new Date(Date.now() + 30_000).toUTCString();
    const [seconds, date] = await waitsFor([429, '2'], [503, inHalfAMinute]);
    expect(seconds).toBe(2000);
    expect(date).toBeGreaterThan(25_000);
    expect(date).toBeLessThanOrEqual(31_000);
  });

  it('waits ever longer when nobody tells', async () => {
    const waits = await waitsFor([503], [503], [503, 'soon']);
    expect(waits).toHaveLength(3);
    waits.forEach((ms, index) => {
      expect(ms).toBeGreaterThanOrEqual(125 * 2 ** index);
      expect(ms).toBeLessThanOrEqual(250 * 2 ** index);
    });
  });

  it('does not wait for more than a minute', async () => {
    expect(await waitsFor([429, '60'])).toEqual([60_000]);
    expect(await waitsFor([429, '61'])).toEqual([]);
    expect(waitBeforeRetry(1, new Response('', { status: 409 }))).toBeUndefined();
  });
});
