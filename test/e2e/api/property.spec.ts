import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PixelBox } from '@facelane/imaging';
import { requireModels, samplePhoto, type TestModels } from '@facelane/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { ApiDescription } from '../../support/api.description.js';
import { apiRequests, type GeneratedRequest } from '../../support/api.requests.js';
import type { EnrolAnswer, PersonAnswer } from '../../support/api.types.js';
import { submitPhoto } from '../../support/await-asset.js';
import { onePixel } from '../../support/bad.photos.js';
import { portraits } from '../../support/photos.js';
import { type RawAnswer, RawCaller } from '../../support/raw.request.js';
import type { KnownValues } from '../../support/schema.values.js';

/** More of them, or those of a failure again, by hand: FUZZ_REQUESTS=10000, FUZZ_SEED as printed. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 800);
const description = new ApiDescription();

let models: TestModels;
let api: RunningApi;
let caller: RawCaller;
beforeAll(async () => {
  models = await requireModels();
  api = await startStandaloneApi({ API_RATE_PER_MINUTE: '1000000', WEBHOOK_URL_ALLOW: HOOKS });
  caller = new RawCaller(api.address);
}, 120_000);
afterAll(async () => {
  caller.close();
  await api.stop();
});

/** Refuses connections at once, and is allowed to webhooks here; the next ones never are. */
const HOOKS = '127.0.0.1';
const HOOK = 'https://127.0.0.1:9/facelane';

/** None of these is fetched from anywhere: they are refused by name, or by the address behind it. */
const URLS = [
  ...['https://127.0.0.1/a.jpg', 'http://localhost/', 'https://[::1]/', 'https://169.254.169.254/latest/meta-data'],
  ...['file:///etc/passwd', 'ftp://a/b', 'https://user:pw@10.0.0.1/x', 'javascript:alert(1)', 'https://127.1/'],
];

/** What is there to be found, so that requests get further than to "there is none"; and the photo that it was made with. */
async function things(collection: string): Promise<KnownValues> {
  const operator = api.as(api.key);
  await operator.json('POST', '/v1/collections', { id: collection });
  const photo = await samplePhoto(models, 1);
  const { id: asset, result } = await submitPhoto(operator, collection, photo);
  const boxes = await operator.form<{ faces: { box: PixelBox }[] }>('/v1/detect', { image: photo });
  const faces = await portraits(
    photo,
    boxes.faces.map(({ box }) => box),
  );
  const people: PersonAnswer[] = [];
  const references: (string | undefined)[] = [];
  for (const name of ['Ada', 'Bob', 'Cy']) {
    const at = `/v1/collections/${collection}/people`;
    const { id } = await operator.json<PersonAnswer>('POST', at, { name });
    const enrolled = await operator.form<EnrolAnswer>(`${at}/${id}/faces`, { photos: [faces[people.length]!] });
    people.push(enrolled.person);
    references.push(...enrolled.photos.map(({ referenceId }) => referenceId));
  }
  const { contract } = await operator.json<{ contract: string }>('GET', '/v1/me');
  const { key } = await operator.json<{ key: string }>('POST', '/v1/keys', { name: 'test', scopes: ['search'] });
  const webhook = await operator.json<{ id: string }>('POST', '/v1/webhooks', { url: HOOK });
  const { next } = await operator.json<{ next: string }>('GET', '/v1/events?after=latest');
  const consumer = `reader-of-${collection}`;
  await operator.json('POST', `/v1/events/consumers/${consumer}/commit`, { cursor: next });
  return {
    named: {
      ...{ collection: [collection], contract: [contract], asset: [asset], person: people.map(({ id }) => id) },
      face: (result?.faces ?? []).map(({ faceId }) => faceId),
      ...{ reference: references.filter((id) => id !== undefined), key: [key.split('_')[2]!], webhook: [webhook.id] },
      ...{ consumer: [consumer], after: ['latest', next] },
    },
    urls: URLS,
    base64: [...faces, await onePixel()].map((bytes) => Buffer.from(bytes).toString('base64')).concat('aaaa', '%%%'),
  };
}

/** Throws when the answer is not what callers were promised. */
function check({ operation: id, request }: GeneratedRequest, { status, headers, bytes }: RawAnswer): void {
  const operation = description.operations.find((one) => one.id === id)!;
  const text = Buffer.from(bytes).toString();
  const type = String(headers['content-type'] ?? '').split(';')[0]!;
  const what = `${request.method} ${request.target.slice(0, 200)} → ${status} ${text.slice(0, 500)}`;
  expect(status, what).toBeLessThan(500);
  expect(headers['x-request-id'], what).toMatch(/^[\w.:-]{1,64}$/);
  expect(text.includes(api.dataDir) || /node_modules|dist\/libs|\bat .+:\d+:\d+/.test(text), what).toBe(false);
  if (status < 400) {
    if (type === '') expect([status, bytes.byteLength], what).toEqual([204, 0]);
    else if (type === 'application/json') {
      expect(description.faultsOf(operation, status, type, JSON.parse(text)), what).toEqual([]);
    } else expect(operation.responses[status]?.content, what).toHaveProperty(type);
    return;
  }
  expect(type, what).toBe('application/problem+json');
  const problem = JSON.parse(text) as { status: number; code: string; requestId: string };
  expect(description.faultsOfProblem(problem), what).toEqual([]);
  expect([problem.status, problem.requestId], what).toEqual([status, headers['x-request-id']]);
  // An address with odd parts may be none of the operation's, or of nobody's.
  if (problem.code === 'API.ROUTE_MISSING') return;
  if (/^(API|EVENTS)\./.test(problem.code))
    expect(operation.responses[status]?.description, what).toContain(problem.code);
  else expect(operation.responses, what).toHaveProperty(String(status));
}

it('describes the answers that it gives, and the description is the one that it serves', async () => {
  expect(await (await fetch(`${api.address}/openapi.json`)).json()).toEqual(
    JSON.parse(JSON.stringify(description.document)),
  );
});

it(`answers ${REQUESTS} requests, right and wrong ones, as it is described, and never fails`, async () => {
  const seen = new Map<string, Set<number>>();
  let successes = 0;
  // Whatever takes things away finds others than the rest, which would soon find nothing any more.
  const [lasting, waning, doomed] = [await things('lasting'), await things('waning'), await things('doomed')];
  const known = (operation: string): KnownValues => {
    if (operation === 'deleteCollection') return doomed;
    if (/^(create|update)Webhook$/.test(operation)) {
      return { ...lasting, named: { ...lasting.named, url: [HOOK], collections: ['lasting'] } };
    }
    // Cursors of other lists are others.
    if (operation === 'commitEvents') {
      return { ...lasting, named: { ...lasting.named, cursor: lasting.named['after']!.slice(1) } };
    }
    return /^(delete|merge|revoke)/.test(operation) ? waning : lasting;
  };
  const requests = apiRequests(description, known, { authorization: `Bearer ${api.key}` });
  await fc.assert(
    fc.asyncProperty(requests, async (generated) => {
      const answer = await caller.send(generated.request);
      check(generated, answer);
      const { operation } = generated;
      seen.set(operation, (seen.get(operation) ?? new Set()).add(answer.status));
      if (answer.status < 400) successes += 1;
    }),
    { numRuns: REQUESTS, ...(process.env['FUZZ_SEED'] !== undefined && { seed: Number(process.env['FUZZ_SEED']) }) },
  );
  // The requests are worth something only when every operation is reached, and many succeed.
  expect([...seen.keys()].sort()).toEqual(description.operations.map(({ id }) => id).sort());
  expect(successes).toBeGreaterThan(REQUESTS / 10);
}, 300_000);

it('is as well as before, has nothing to complain of, and holds nothing back', async () => {
  expect((await fetch(`${api.address}/health/live`)).status).toBe(200);
  expect((await fetch(`${api.address}/health/ready`)).status).toBe(200);
  const loud = api.program
    .stderr()
    .split('\n')
    .filter((line) => /"level":"(?:error|fatal)"/.test(line));
  expect(loud).toEqual([]);
  const files = await readdir(api.dataDir, { recursive: true });
  expect(files.filter((file) => file.includes(join('/', 'scratch', '/')))).toEqual([]);
});
