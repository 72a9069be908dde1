import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UsageError } from '@facelane/contracts';
import { QdrantClient } from '@qdrant/js-client-rest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeFaceIndexConformance } from '../../testing/face-index.conformance.js';
import type { OpenApiDocument } from '../../testing/openapi.validator.js';
import { QdrantOpenApiServer } from '../../testing/qdrant-openapi.server.js';
import { collect, samplePoint, sampleScope, unit } from '../../testing/samples.js';
import { QdrantFaceIndex } from './qdrant.face-index.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const shared = process.env['FACELANE_SHARED_DIR'] ?? `${root}../shared`;
const file = `${shared}/data/qdrant-openapi.json`;

describe('QdrantFaceIndex against the OpenAPI description', () => {
  if (!existsSync(file)) {
    console.log(
      `skipped: ${file} is not there; set FACELANE_SHARED_DIR to the folder that holds data/qdrant-openapi.json`,
    );
    it.skip('needs the description', () => undefined);
    return;
  }
  let server: QdrantOpenApiServer;
  beforeAll(async () => {
    server = await QdrantOpenApiServer.start(JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument);
  });
  afterAll(() => server.close());
  afterEach(() => expect(server.problems.splice(0)).toEqual([]));

  describeFaceIndexConformance(() => new QdrantFaceIndex({ url: server.url }));

  describe('failures', () => {
    const contract = { id: 'failures', dimension: 8 };
    const scope = sampleScope();
    let index: QdrantFaceIndex;
    beforeAll(async () => {
      index = new QdrantFaceIndex({ url: server.url, apiKey: 'secret', timeoutMs: 2_000 });
      await index.ensureContract(contract);
    });

    it.each([
      [500, {}, 'INDEX.UNAVAILABLE', 'backoff'],
      [503, {}, 'INDEX.UNAVAILABLE', 'backoff'],
      [429, {}, 'INDEX.UNAVAILABLE', 'backoff'],
      [429, { 'retry-after': '7' }, 'INDEX.UNAVAILABLE', { afterMs: 7000 }],
      [400, {}, 'INDEX.REJECTED', 'never'],
      [422, {}, 'INDEX.REJECTED', 'never'],
      [401, {}, 'INDEX.DENIED', 'backoff'],
      [403, {}, 'INDEX.DENIED', 'backoff'],
      [404, {}, 'INDEX.CONTRACT_MISSING', 'backoff'],
    ] as const)('HTTP %d %o is %s, to be retried %o', async (status, headers, code, retry) => {
      server.answerNext({ status, headers });
      await expect(index.count(contract.id, scope)).rejects.toMatchObject({ code, retry });
    });

    it('says what Qdrant said, without its points', async () => {
      const body = { status: { error: 'Wrong input: no such shard' }, time: 0 };
      server.answerNext({ status: 400, body });
      await expect(index.count(contract.id, scope)).rejects.toThrow(
        'Qdrant refused counting points in facelane_failures (HTTP 400: Wrong input: no such shard).',
      );
    });

    it('refuses an answer that is not of the API', async () => {
      server.answerNext({ status: 200, body: { result: { points: [{ id: 7 }] }, status: 'ok', time: 0 } });
      const listed = collect(index.scroll(contract.id, scope));
      await expect(listed).rejects.toMatchObject({ code: 'INDEX.REJECTED' });
    });

    it('does not take an unapplied write for a written one', async () => {
      await index.upsert(contract.id, []);
      server.answerNext({ status: 200, body: { result: { status: 'wait_timeout' }, status: 'ok', time: 0 } });
      const written = index.upsert(contract.id, [samplePoint(scope)]);
      await expect(written).rejects.toMatchObject({ code: 'INDEX.UNAVAILABLE' });
    });

    it('gives up on a server that hangs', async () => {
      server.answerNext('hang');
      const hasty = new QdrantFaceIndex({ url: server.url, timeoutMs: 50 });
      await expect(hasty.count(contract.id, scope)).rejects.toMatchObject({ code: 'INDEX.UNAVAILABLE' });
    });

    it('says that nobody listens', async () => {
      const gone = await QdrantOpenApiServer.start({ paths: {}, components: { schemas: {} } });
      const nobody = new QdrantFaceIndex({ url: gone.url });
      await gone.close();
      await expect(nobody.ensureContract(contract)).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/);
    });

    it('notices a collection that was dropped and made again', async () => {
      const fresh = { id: `again-${randomUUID()}`, dimension: 8 };
      await index.ensureContract(fresh);
      server.answerNext({ status: 404 });
      const lost = index.upsert(fresh.id, [samplePoint(scope)]);
      await expect(lost).rejects.toMatchObject({ code: 'INDEX.CONTRACT_MISSING' });
      await index.upsert(fresh.id, [samplePoint(scope)]);
    });
  });

  it('sends its key, asks for all faces of a photo at once, and splits very large requests', async () => {
    const index = new QdrantFaceIndex({ url: server.url, apiKey: 'secret' });
    const contract = { id: 'requests', dimension: 8 };
    const scope = sampleScope();
    await index.ensureContract(contract);
    expect(server.lastApiKey).toBe('secret');
    server.requests.length = 0;
    await index.upsert(
      contract.id,
      Array.from({ length: 1001 }, () => samplePoint(scope)),
    );
    await index.search(contract.id, [unit(8, 1), unit(8, 2), unit(8, 3)], scope, 2);
    await index.find(
      contract.id,
      Array.from({ length: 1001 }, () => randomUUID()),
    );
    expect(server.requests.map((request) => request.replace('/collections/{collection_name}', ''))).toEqual([
      'PUT /points',
      'PUT /points',
      'POST /points/query/batch',
      'POST /points',
      'POST /points',
    ]);
  });

  it('keeps a path of the address, and refuses addresses it cannot use', async () => {
    const behindProxy = new QdrantFaceIndex({ url: `${server.url}/qdrant/` });
    await expect(behindProxy.ensureContract({ id: 'x', dimension: 8 })).rejects.toMatchObject({
      code: 'INDEX.REJECTED',
    });
    expect(server.problems.splice(0)).toContain('GET /qdrant/collections/facelane_x is not in the description');
    for (const url of ['localhost:6333', 'ftp://x', '', 'http://me:pass@x']) {
      expect(() => new QdrantFaceIndex({ url })).toThrow(UsageError);
    }
  });

  describe('the check itself', () => {
    const post = async (path: string, body: unknown, method = 'POST'): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(server.url + path, { method, headers, body: JSON.stringify(body) })).status;
    };
    const vector = [1, 0];

    it.each([
      ['a misspelled field', 'POST', '/points/query/batch', { searches: [{ query: vector, limits: 3 }] }],
      ['a misspelled condition', 'POST', '/points/count', { filter: { must: [{ key: 'a', mach: { value: 'b' } }] } }],
      ['a wrong type', 'POST', '/points/scroll', { limit: 'ten' }],
      ['a value out of range', 'POST', '/points/scroll', { limit: 0 }],
      ['a missing field', 'PUT', '/points', { points: [{ id: randomUUID() }] }],
      ['an id that is no UUID', 'PUT', '/points', { points: [{ id: 'x', vector }] }],
      ['an unknown distance', 'PUT', '', { vectors: { size: 2, distance: 'cosine' } }],
      ['a misspelled query parameter', 'PUT', '/points?wiat=true', { points: [{ id: randomUUID(), vector }] }],
      ['a wrong query parameter', 'PUT', '/points?wait=yes', { points: [{ id: randomUUID(), vector }] }],
      ['an unknown path', 'POST', '/points/find', {}],
    ])('refuses %s', async (_, method, path, body) => {
      expect(await post(`/collections/x${path}`, body, method)).toBe(400);
      expect(server.problems.splice(0)).toHaveLength(1);
    });
  });
});

const url = process.env['QDRANT_URL'];
describe.skipIf(url === undefined)('QdrantFaceIndex against a real server', () => {
  const apiKey = process.env['QDRANT_API_KEY'];
  const options = { url: url ?? '', ...(apiKey === undefined ? {} : { apiKey }) };

  describeFaceIndexConformance(() => new QdrantFaceIndex(options));

  afterAll(async () => {
    const client = new QdrantClient({ ...options, checkCompatibility: false });
    const { collections } = await client.getCollections();
    const ours = collections.filter(({ name }) => name.startsWith('facelane_conformance-'));
    for (const { name } of ours) await client.deleteCollection(name);
  });
});
