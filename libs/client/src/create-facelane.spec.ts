import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFacelane, type Facelane, FacelaneProblem, FacelaneUnreachable } from './index.js';
import { DescribedServer, KEY } from './testing/described.server.js';

const ID = '0190163d-8694-739b-aea5-966c26f8ad91';
const OTHER = '0190163d-8694-739b-aea5-966c26f8ad92';

let server: DescribedServer;
let facelane: Facelane;

beforeAll(async () => {
  server = await DescribedServer.start();
  facelane = createFacelane({ url: server.url, key: KEY });
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

/** One call per operation, whose request the server checks against the description. */
const CALLS: Readonly<Record<string, (facelane: Facelane, photo: Uint8Array) => unknown>> = {
  createAsset: ({ assets }, photo) => assets.submit({ collection: 'friends', source: photo, tags: ['a'] }),
  getAsset: ({ assets }) => assets.get(ID),
  listAssets: ({ assets }) => assets.list({ collection: 'friends', state: 'done', limit: 5 }).page(),
  deleteAsset: ({ assets }) => assets.delete(ID),
  getCrop: ({ assets }) => assets.crop(ID, 0),
  createUpload: ({ uploads }) => uploads.create({ contentType: 'image/png' }),
  createJob: ({ jobs }) => jobs.create({ collection: 'friends', prefix: { bucket: 'media', prefix: '2026/' } }),
  listJobs: ({ jobs }) => jobs.list({ state: 'running', limit: 5 }).page(),
  getJob: ({ jobs }) => jobs.get(ID),
  listJobItems: ({ jobs }) => jobs.items(ID, { outcome: 'failed', code: 'INGEST.EMPTY' }).page(),
  getJobResults: ({ jobs }) => jobs.results(ID),
  followJob: ({ jobs }) => jobs.follow(ID).next(),
  pauseJob: ({ jobs }) => jobs.pause(ID),
  resumeJob: ({ jobs }) => jobs.resume(ID),
  cancelJob: ({ jobs }) => jobs.cancel(ID),
  retryJob: ({ jobs }) => jobs.retry(ID, 'INGEST.EMPTY'),
  createCollection: ({ collections }) => collections.create({ id: 'friends', thresholds: { match: { fmr: 0.001 } } }),
  listCollections: ({ collections }) => collections.list({ limit: 5 }).page(),
  getCollection: ({ collections }) => collections.get('friends'),
  updateCollection: ({ collections }) => collections.update('friends', { retentionDays: null }),
  deleteCollection: ({ collections }) => collections.delete('friends'),
  createPerson: ({ people }) => people.create('friends', { name: 'Ada', metadata: { team: 'red' } }),
  listPeople: ({ people }) => people.list('friends', { name: 'ad' }).page(),
  getPerson: ({ people }) => people.get('friends', ID),
  updatePerson: ({ people }) => people.update('friends', ID, { name: 'Ada L.' }),
  deletePerson: ({ people }) => people.delete('friends', ID, { erase: 'all', suppress: true }),
  getReceipt: ({ people }) => people.receipt(ID),
  enrolFaces: ({ people }, photo) => people.enrol('friends', ID, { photos: [photo, photo], quality: 'strict' }),
  listReferences: ({ people }) => people.references('friends', ID).page(),
  deleteReference: ({ people }) => people.deleteReference('friends', ID, OTHER),
  mergePeople: ({ people }) => people.merge('friends', ID, OTHER),
  unmergePeople: ({ people }) => people.unmerge('friends', ID, OTHER),
  search: ({ recognition }, photo) => recognition.search('friends', { image: photo, limit: 3, store: true }),
  verify: ({ recognition }, photo) => recognition.verify({ a: photo, b: photo }),
  detect: ({ recognition }, photo) => recognition.detect(photo),
  assignFace: ({ faces }) => faces.assign(ID, OTHER),
  rejectFace: ({ faces }) => faces.reject(ID, OTHER),
  listEvents: ({ events }) => events.list({ types: ['face.matched', 'asset.failed'], collection: 'friends', wait: 1 }),
  listEventConsumers: ({ events }) => events.consumers(),
  commitEvents: ({ events }) => events.commit('archive', 'cursor', { force: true }),
  deleteEventConsumer: ({ events }) => events.deleteConsumer('archive'),
  createWebhook: ({ webhooks }) =>
    webhooks.create({ url: 'https://hooks.example/', filter: { types: ['face.matched'] } }),
  listWebhooks: ({ webhooks }) => webhooks.list({ limit: 5 }).page(),
  getWebhook: ({ webhooks }) => webhooks.get(ID),
  updateWebhook: ({ webhooks }) => webhooks.update(ID, { state: 'disabled', ratePerSecond: null }),
  rotateWebhook: ({ webhooks }) => webhooks.rotate(ID, { overlapHours: 1 }),
  deleteWebhook: ({ webhooks }) => webhooks.delete(ID),
  testWebhook: ({ webhooks }) => webhooks.test(ID, { type: 'face.matched' }),
  listWebhookAttempts: ({ webhooks }) => webhooks.attempts(ID, { state: 'dead', limit: 5 }).page(),
  replayWebhook: ({ webhooks }) => webhooks.replay(ID, { event: OTHER }),
  createKey: ({ keys }) => keys.create({ name: 'camera', scopes: ['assets:write'] }),
  listKeys: ({ keys }) => keys.list().page(),
  revokeKey: ({ keys }) => keys.revoke('0123456789abcdef'),
  whoAmI: ({ system }) => system.whoAmI(),
  live: ({ system }) => system.live(),
  ready: ({ system }) => system.ready(),
};

describe('createFacelane', () => {
  it('offers every operation of the description', () => {
    // The address of an upload comes from the API: see uploads.put. Notifications are for buckets to send. Who reads
    // events, reads pages, which a consumer can commit.
    const others = ['putUpload', 'notify', 'streamEvents'];
    expect(new Set([...Object.keys(CALLS), ...others])).toEqual(new Set(server.operations));
  });

  it.each(Object.entries(CALLS))(
    '%s sends what the description asks for, and returns what it promises',
    async (id, call) => {
      const answer = await call(facelane, new Uint8Array([1, 2, 3]));
      expect(server.seen.map(({ operation }) => operation)).toEqual([id]);
      expect(answer).toBeTypeOf('object');
    },
  );

  it('names the tenant when it is given one, and shows the key to nobody who does not ask for it', async () => {
    await createFacelane({ url: server.url, key: KEY, tenant: 'acme' }).system.whoAmI();
    await facelane.system.live();
    const [me, live] = server.seen;
    expect(me?.headers).toMatchObject({ 'facelane-tenant': 'acme', authorization: `Bearer ${KEY}` });
    expect(live?.headers).not.toHaveProperty('authorization');
    expect(live?.headers).not.toHaveProperty('facelane-tenant');
  });

  it('sends ids as one part of a path', async () => {
    const failed = await facelane.collections.get('../keys?a=b').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'API.REQUEST_INVALID' });
    expect(server.seen[0]?.url).toBe('/v1/collections/..%2Fkeys%3Fa%3Db');
  });

  it('uses the fetch that it is given', async () => {
    const seen: string[] = [];
    const spying: typeof fetch = (input, init) => {
      seen.push(new Request(input, init).url);
      return fetch(input, init);
    };
    await createFacelane({ url: `${server.url}/`, key: KEY, fetch: spying }).system.live();
    expect(seen).toEqual([`${server.url}/health/live`]);
  });

  it.each([
    ['an address without a scheme', { url: 'faces.example.com', key: KEY }, '"faces.example.com"'],
    ['another scheme', { url: 'redis://127.0.0.1', key: KEY }, '"redis://127.0.0.1"'],
    ['an empty key', { url: 'http://127.0.0.1', key: '' }, 'key is empty'],
  ])('refuses %s at once', (_what, options, said) => {
    expect(() => createFacelane(options)).toThrow(said);
  });
});

describe('a refusal', () => {
  it('is a FacelaneProblem with everything that the API said', async () => {
    server.answer('getCollection', {
      status: 404,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '7' },
      body: {
        ...{ type: 'urn:x', title: 'No', status: 404, detail: 'There is none.', code: 'API.COLLECTION_MISSING' },
        ...{ remedy: 'Create it.', requestId: 'r-7', errors: [{ path: 'body.id', message: 'no' }], more: 1 },
      },
    });
    const error = await facelane.collections.get('friends').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FacelaneProblem);
    expect(error).toMatchObject({
      ...{ name: 'FacelaneProblem', code: 'API.COLLECTION_MISSING', status: 404, detail: 'There is none.' },
      ...{ remedy: 'Create it.', requestId: 'r-7', retryAfterSeconds: 7, document: { more: 1 } },
      errors: [{ path: 'body.id', message: 'no' }],
      message: 'API.COLLECTION_MISSING: There is none. Create it.',
    });
  });

  it.each([
    ['a text', 'Bad Gateway', 'text/plain'],
    ['nothing', '', 'text/html'],
    ['other JSON', '[1]', 'application/json'],
  ])('of a proxy that says %s is one, too', async (_what, body, type) => {
    server.answer('getCollection', { status: 502, headers: { 'content-type': type, 'x-request-id': 'r-8' }, body });
    await expect(facelane.collections.get('friends')).rejects.toMatchObject({
      ...{ name: 'FacelaneProblem', code: 'HTTP.502', status: 502, requestId: 'r-8', errors: [] },
      retryAfterSeconds: undefined,
    });
  });
});

describe('no answer', () => {
  it('is FacelaneUnreachable, which names the address and the reason', async () => {
    const away = createFacelane({ url: 'http://127.0.0.1:1', key: KEY, retries: 0 });
    const error = await away.system.whoAmI().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FacelaneUnreachable);
    expect(error).toMatchObject({ origin: 'http://127.0.0.1:1' });
    expect((error as Error).message).toMatch(/127\.0\.0\.1:1 gave no answer \(.+\)/);
  });

  it('is an answer that breaks off', async () => {
    const once = createFacelane({ url: server.url, key: KEY, retries: 0 });
    server.answer('whoAmI', { hangUp: 'within' });
    await expect(once.system.whoAmI()).rejects.toBeInstanceOf(FacelaneUnreachable);
  });

  it('is a web page', async () => {
    server.answer('whoAmI', { headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>Welcome' });
    await expect(facelane.system.whoAmI()).rejects.toThrow('answered with a web page');
  });

  it('is nothing of that when the caller gave up', async () => {
    const reason = new Error('enough');
    await expect(facelane.system.whoAmI({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
