import { randomUUID } from 'node:crypto';
import { type Scope, scopeSchema } from '@facelane/contracts';
import type { PixelBox } from '@facelane/imaging';
import { requireModels, samplePhoto } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EndpointDeclaration } from '../../../libs/http-api/src/endpoint/define-endpoint.js';
import { ENDPOINTS } from '../../../libs/http-api/src/endpoints/index.js';
import { type ApiAnswer, type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { EnrolAnswer, PersonAnswer } from '../../support/api.types.js';
import { submitPhoto } from '../../support/await-asset.js';
import { portraits } from '../../support/photos.js';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
}

let api: RunningApi;
beforeAll(async () => {
  api = await startStandaloneApi();
}, 120_000);
afterAll(() => api.stop());

/** Ids by the name of the parameter that they are for. */
type Ids = Readonly<Record<string, string>>;

const fill = (path: string, ids: Ids): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `missing-${name}`);

/** Ids of nothing. */
const nowhere = (): Ids => ({
  ...{ collection: 'nowhere', tenant: 'nobody', consumer: 'no-such-one', key: '0'.repeat(16), face: randomUUID() },
  ...Object.fromEntries(
    ['asset', 'person', 'reference', 'receipt', 'upload', 'job', 'webhook'].map((name) => [name, randomUUID()]),
  ),
});

/** A stream of events that begins would not end. */
const queryOf = ({ id }: EndpointDeclaration): string => (id === 'streamEvents' ? '?after=nothing' : '');

/** A crop's address has the number of a face where others have its id. */
const idsFor = ({ id }: EndpointDeclaration, ids: Ids): Ids => (id === 'getCrop' ? { ...ids, face: '0' } : ids);

const ask = (
  caller: ApiCaller,
  endpoint: EndpointDeclaration,
  ids: Ids = nowhere(),
  body?: unknown,
): Promise<ApiAnswer<Problem>> =>
  caller.ask<Problem>(endpoint.method, fill(endpoint.path, idsFor(endpoint, ids)) + queryOf(endpoint), body);

const guarded = ENDPOINTS.filter(({ access }) => access !== 'none');
const scoped = guarded.filter(({ access }) => access !== 'any');

describe('without a key that is valid', () => {
  const keys = new Map<string, string | undefined>();
  beforeAll(async () => {
    const make = (more: object): Promise<string> => api.newKey('acme', ['admin'], { ...more });
    const revoked = await make({});
    const caller = api.as(revoked);
    expect((await caller.ask('GET', '/v1/me')).status).toBe(200);
    await api.as(api.key, 'acme').json('DELETE', `/v1/keys/${revoked.split('_')[2]!}`);
    const expired = await make({ expiresAt: new Date(Date.now() + 300).toISOString() });
    await vi.waitFor(async () => expect((await api.as(expired).ask('GET', '/v1/me')).status).toBe(401));
    const good = await make({});
    keys.set('API.KEY_MISSING', undefined);
    keys.set('API.KEY_INVALID', 'garbage');
    keys.set('API.KEY_REVOKED', revoked);
    keys.set('API.KEY_EXPIRED', expired);
    keys.set('another secret', good.slice(0, -43) + 'a'.repeat(43));
    keys.set('another tenant', good.replace('_acme_', '_other_'));
  });

  it.each(guarded)('nobody may $method $path', async (endpoint) => {
    for (const [what, key] of keys) {
      // What is signed needs no key.
      if (key === undefined && endpoint.orSigned === true) continue;
      const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const answer = await fetch(api.address + fill(endpoint.path, idsFor(endpoint, nowhere())), {
        ...{ method: endpoint.method, headers },
      });
      const problem = (await answer.json()) as Problem;
      expect([answer.status, problem.code], what).toEqual([401, what.startsWith('API.') ? what : 'API.KEY_INVALID']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="facelane"');
    }
  });
});

describe('with a key of one scope', () => {
  const keys = new Map<Scope, string>();
  beforeAll(async () => {
    for (const scope of scopeSchema.options) keys.set(scope, await api.newKey('acme', [scope]));
  });

  it.each(scoped)('$method $path is open to those that it names and to administrators alone', async (endpoint) => {
    const allowed: readonly string[] = endpoint.access === 'none' || endpoint.access === 'any' ? [] : endpoint.access;
    for (const [scope, key] of keys) {
      const { status, body } = await ask(api.as(key), endpoint);
      const may = scope === 'admin' || allowed.includes(scope);
      // Allowed, it fails for want of a body, or of what it is about, which is nothing.
      if (may) expect([status, body.code], scope).not.toEqual([403, 'API.SCOPE_MISSING']);
      else expect([status, body.code], scope).toEqual([403, 'API.SCOPE_MISSING']);
      expect(status, scope).not.toBe(401);
    }
  });

  it.each(guarded.filter(({ access }) => access === 'any'))('$method $path is open to all', async (endpoint) => {
    for (const [scope, key] of keys) expect([200, 404], scope).toContain((await ask(api.as(key), endpoint)).status);
  });
});

describe('a key that ends', () => {
  it('makes none that outlives it', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const ending = api.as(await api.newKey('acme', ['admin'], { expiresAt }));
    const make = (more: object): Promise<{ expiresAt?: string }> =>
      ending.json('POST', '/v1/keys', { name: 'child', scopes: ['search'], ...more });
    expect(await make({})).toMatchObject({ expiresAt });
    expect(await make({ expiresAt: '2099-01-01T00:00:00.000Z' })).toMatchObject({ expiresAt });
    const sooner = new Date(Date.now() + 60_000).toISOString();
    expect(await make({ expiresAt: sooner })).toMatchObject({ expiresAt: sooner });
  });
});

describe('another tenant', () => {
  let ids: Ids;
  let other: ApiCaller;
  let otherOperator: ApiCaller;
  let acme: ApiCaller;
  let photo: string;

  /** Bodies that are right, so that what is asked for is looked for. */
  const bodyOf = (id: string): unknown => {
    const image = { bytes: photo };
    const person = { person: ids['person'] };
    const bodies: Readonly<Record<string, unknown>> = {
      createPerson: { name: 'Eve' },
      updatePerson: { name: 'Eve' },
      updateCollection: { description: 'ours' },
      enrolFaces: { photos: [image] },
      search: { image },
      notify: { Records: [] },
      retryJob: {},
      updateWebhook: { description: 'ours' },
      rotateWebhook: {},
      testWebhook: {},
      replayWebhook: { event: randomUUID() },
      ...{ mergePeople: { person: randomUUID() }, unmergePeople: person, assignFace: person, rejectFace: person },
    };
    return bodies[id];
  };

  beforeAll(async () => {
    acme = api.as(await api.newKey('acme', ['admin']));
    other = api.as(await api.newKey('other', ['admin']));
    otherOperator = api.as(api.key, 'other');
    const bytes = await samplePhoto(await requireModels(), 1);
    photo = Buffer.from(bytes).toString('base64');
    // Both have a collection of this name, so that ids are looked for below it.
    for (const caller of [acme, other]) await caller.json('POST', '/v1/collections', { id: 'friends' });
    await acme.json('POST', '/v1/collections', { id: 'secret' });
    const { faces } = await acme.form<{ faces: { box: PixelBox }[] }>('/v1/detect', { image: bytes });
    const [face] = await portraits(bytes, [faces[0]!.box]);
    const at = '/v1/collections/friends/people';
    const person = await acme.json<PersonAnswer>('POST', at, { name: 'Ada' });
    const enrolled = await acme.form<EnrolAnswer>(`${at}/${person.id}/faces`, { photos: [face!] });
    const gone = await acme.json<PersonAnswer>('POST', at, { name: 'Gone' });
    const { receipt } = await acme.json<{ receipt: string }>('DELETE', `${at}/${gone.id}?erase=all`);
    const asset = await submitPhoto(acme, 'friends', bytes);
    const key = await api.newKey('acme', ['search']);
    const items = [{ url: 'https://127.0.0.1/a.jpg' }];
    const job = await acme.json<{ id: string }>('POST', '/v1/jobs', { collection: 'friends', items });
    // Public by its form. Nothing is sent there: no event of this test is of that type.
    const hook = { url: 'https://93.184.215.14/hook', filter: { types: ['endpoint.disabled'] } };
    const webhook = await acme.json<{ id: string }>('POST', '/v1/webhooks', hook);
    const { next } = await acme.json<{ next: string }>('GET', '/v1/events?after=latest');
    await acme.json('POST', '/v1/events/consumers/archive/commit', { cursor: next });
    ids = {
      ...nowhere(),
      ...{ collection: 'friends', person: person.id, receipt, asset: asset.id, key: key.split('_')[2]! },
      ...{ job: job.id, webhook: webhook.id, consumer: 'archive' },
      ...{ face: asset.result!.faces[0]!.faceId, reference: enrolled.photos[0]!.referenceId! },
    };
  }, 60_000);

  // A consumer is made by whoever commits by its name: see below.
  const named = guarded.filter(({ id, path }) => id !== 'commitEvents' && /\{(?!collection\})\w+\}/.test(path));
  const inCollection = guarded.filter(({ path }) => path.includes('{collection}'));

  /** What is told, without what is another one each time. */
  const told = ({ body }: ApiAnswer<Problem>, used: Ids): string =>
    Object.values(used).reduce((text, id) => text.replaceAll(id, 'ID'), JSON.stringify({ ...body, requestId: '' }));

  it.each(named)('finds nothing at $method $path, and hears nothing of what is there', async (endpoint) => {
    const before = await everythingOf(acme);
    const none = { ...nowhere(), collection: 'friends' };
    for (const caller of [other, otherOperator]) {
      const answer = await ask(caller, endpoint, ids, bodyOf(endpoint.id));
      expect([answer.status, answer.body.code]).toEqual([404, expect.stringMatching(/_MISSING$|_UNKNOWN$/) as string]);
      expect(told(answer, ids)).toBe(told(await ask(caller, endpoint, none, bodyOf(endpoint.id)), none));
    }
    expect(await everythingOf(acme)).toEqual(before);
  });

  it.each(inCollection)('has no part in a collection with $method $path', async (endpoint) => {
    const theirs = { ...ids, collection: 'secret' };
    const answer = await ask(other, endpoint, theirs, bodyOf(endpoint.id));
    expect([answer.status, answer.body.code]).toEqual([404, 'API.COLLECTION_MISSING']);
  });

  it('has consumers and cursors of its own', async () => {
    const commit = (caller: ApiCaller, cursor: string): Promise<ApiAnswer<Problem>> =>
      caller.ask<Problem>('POST', '/v1/events/consumers/archive/commit', { cursor });
    const before = await everythingOf(acme);
    const [mine, theirs] = await Promise.all(
      [other, acme].map((caller) => caller.json<{ next: string }>('GET', '/v1/events?after=latest')),
    );
    // Of another log, or of one that is gone: that is not told apart.
    expect((await commit(other, theirs!.next)).body.code).toBe('EVENTS.CURSOR_EXPIRED');
    expect((await other.ask<Problem>('GET', `/v1/events?after=${theirs!.next}`)).status).toBe(410);
    expect((await commit(other, mine!.next)).status).toBe(200);
    expect(await everythingOf(acme)).toEqual(before);
  });

  it('can use nothing of it in a body or a query', async () => {
    const { key } = await acme
      .json<{ source: { key: string } }>('POST', '/v1/uploads', {})
      .then(({ source }) => source);
    const bucket = 'facelane';
    const photoKey = (await acme.json<{ source: string }>('GET', `/v1/assets/${ids['asset']!}`)).source;
    const asking: [method: string, path: string, body: unknown, status: number, code: string][] = [
      ['GET', '/v1/assets?collection=secret', undefined, 404, 'API.COLLECTION_MISSING'],
      ['POST', '/v1/assets', { collection: 'secret', source: { bytes: photo } }, 404, 'API.COLLECTION_MISSING'],
      ['POST', '/v1/assets', { collection: 'friends', source: { bucket, key } }, 403, 'API.SOURCE_NOT_ALLOWED'],
      ['POST', '/v1/detect', { image: { bucket, key } }, 403, 'API.SOURCE_NOT_ALLOWED'],
      [
        'POST',
        '/v1/detect',
        { image: { bucket, key: photoKey.replace(`s3://${bucket}/`, '') } },
        403,
        'API.SOURCE_NOT_ALLOWED',
      ],
      [
        'POST',
        '/v1/verify',
        { a: { bytes: photo }, person: ids['person'], collection: 'friends' },
        404,
        'API.PERSON_MISSING',
      ],
      [
        'POST',
        '/v1/verify',
        { a: { bytes: photo }, b: { bytes: photo }, collection: 'secret' },
        404,
        'API.COLLECTION_MISSING',
      ],
      ['POST', '/v1/keys', { name: 'x', scopes: ['admin'], tenant: 'acme' }, 403, 'API.SCOPE_MISSING'],
      [
        'POST',
        '/v1/webhooks',
        { url: 'https://93.184.215.14/', filter: { collections: ['secret'] } },
        404,
        'API.COLLECTION_MISSING',
      ],
    ];
    for (const [method, path, body, status, code] of asking) {
      const answer = await other.ask<Problem>(method, path, body);
      expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([status, code]);
    }
    const list = await other.json<{ items: unknown[] }>(
      'GET',
      `/v1/assets?collection=friends&person=${ids['person']!}`,
    );
    expect(list.items).toEqual([]);
    const forged = await other.ask<Problem>('GET', '/v1/me', undefined, { 'facelane-tenant': 'acme' });
    expect([forged.status, forged.body.code]).toEqual([401, 'API.KEY_INVALID']);
  });

  it('is told nothing by an Idempotency-Key that was used before', async () => {
    const wish = { collection: 'friends', source: { bytes: photo } };
    const headers = { 'idempotency-key': 'the-same' };
    const first = await acme.ask<{ id: string }>('POST', '/v1/assets', wish, headers);
    const second = await other.ask<{ id: string }>('POST', '/v1/assets', wish, headers);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.headers.get('idempotent-replayed')).toBeNull();
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('sees its own things alone in every list', async () => {
    const collections = await other.json<{ items: { id: string }[] }>('GET', '/v1/collections');
    expect(collections.items.map(({ id }) => id)).toEqual(['friends']);
    const people = await other.json<{ items: unknown[] }>('GET', '/v1/collections/friends/people');
    expect(people.items).toEqual([]);
    const keys = await other.json<{ items: { tenant: string }[] }>('GET', '/v1/keys');
    expect(new Set(keys.items.map(({ tenant }) => tenant))).toEqual(new Set(['other']));
    expect((await other.json<{ items: unknown[] }>('GET', '/v1/webhooks')).items).toEqual([]);
    const { events } = await other.json<{ events: { tenant: string }[] }>('GET', '/v1/events?limit=1000');
    expect(events.filter(({ tenant }) => tenant !== 'other')).toEqual([]);
    const search = { image: { bytes: photo } };
    const { faces } = await other.json<{ faces: { candidates: unknown[] }[] }>(
      'POST',
      '/v1/collections/friends/search',
      search,
    );
    expect(faces.map(({ candidates }) => candidates)).toEqual([[], [], []]);
  });

  /** All that others could have changed. */
  async function everythingOf(caller: ApiCaller): Promise<unknown[]> {
    const { collection, person, asset, receipt } = ids;
    const at = `/v1/collections/${collection!}`;
    const paths = [at, '/v1/collections', `${at}/people`, `${at}/people/${person!}/faces`, `/v1/assets/${asset!}`];
    const asked = [...paths, `/v1/receipts/${receipt!}`, '/v1/keys', '/v1/webhooks', '/v1/events/consumers'].map(
      (path) => caller.json('GET', path),
    );
    return Promise.all(asked);
  }
});

describe('the rate limit', () => {
  it('answers 429 with when to come back, for this key alone', async () => {
    const slow = api.as(await api.newKey('acme', ['search'], { ratePerMinute: 3 }));
    const free = api.as(await api.newKey('acme', ['search']));
    const answers: ApiAnswer<Problem>[] = [];
    for (let i = 0; i < 5; i += 1) answers.push(await slow.ask<Problem>('GET', '/v1/me'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(Array(5).fill('"key";q=3;w=60'));
    expect(answers.map(({ headers }) => /^"key";r=(\d);t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1])).toEqual([
      ...['2', '1', '0', '0', '0'],
    ]);
    const { headers, body } = answers[4]!;
    expect(body.code).toBe('API.RATE_LIMITED');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await free.ask('GET', '/v1/me')).status).toBe(200);
    expect((await fetch(`${api.address}/health/live`)).status).toBe(200);
  });
});
