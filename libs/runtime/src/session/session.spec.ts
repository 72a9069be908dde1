import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RuntimeOptions } from '@facelane/boot';
import { loadConfig } from '@facelane/config';
import { type CollectionDocument, type IngestJob, keys, type ResultDocument } from '@facelane/contracts';
import { requireModels, samplePhoto, startRedis, type TestRedis } from '@facelane/testing';
import { createLogger } from '@facelane/telemetry';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FacelaneSession } from './session.js';

const TENANT = 'acme';

let redis: TestRedis;
let dir: string;
let session: FacelaneSession;
let collection: CollectionDocument;

beforeAll(async () => {
  const models = await requireModels();
  [redis, dir] = await Promise.all([startRedis(), mkdtemp(join(tmpdir(), 'facelane-session-'))]);
  for (let n = 1; n <= 6; n += 1) await writeFile(join(dir, `${n}.jpg`), await samplePhoto(models, n));
  const config = loadConfig({
    REDIS_URL: redis.url,
    DATA_DIR: join(dir, 'data'),
    SOURCE_FILE_ROOTS: dir,
    SOURCE_URL_HTTP: 'true',
    SOURCE_URL_ALLOW: '127.0.0.1',
    INFERENCE_THREADS: '1',
  });
  session = await FacelaneSession.open(new RuntimeOptions(config, createLogger({ level: 'silent', format: 'json' })));
  collection = await session.ensureCollection(TENANT, 'main');
});
afterAll(async () => {
  await session.close();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

function prepare(numbers: readonly number[]): IngestJob[] {
  return session.prepare(
    { tenant: TENANT, collection: collection.id, contract: collection.contract, lane: 'bulk' },
    numbers.map((n) => ({ source: { kind: 'file', path: join(dir, `${n}.jpg`) } })),
  );
}

async function process(jobs: readonly IngestJob[]): Promise<ResultDocument[]> {
  const results: ResultDocument[] = [];
  await session.process(jobs, { quietMs: 200, onResult: (result) => results.push(result) });
  return results;
}

describe('a session', () => {
  it('tells a result for each of two equal photos, and does not take an earlier run for this one', async () => {
    const jobs = prepare([1, 2, 1]);
    expect((await process(jobs)).map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    await new Promise((resolve) => setImmediate(resolve));
    const again = prepare([1]).map((job) => ({ ...job, submittedAt: '2030-01-01T00:00:00.000Z' }));
    expect((await process(again)).map(({ submittedAt }) => submittedAt)).toEqual(['2030-01-01T00:00:00.000Z']);
  });

  it('fetches photos by URL from where the configuration allows', async () => {
    const photo = await readFile(join(dir, '1.jpg'));
    const server = createServer((_, response) => void response.end(photo)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const jobs = session.prepare(
      { tenant: TENANT, collection: collection.id, contract: collection.contract, lane: 'bulk' },
      ['127.0.0.1', '127.0.0.2'].map((host) => ({
        source: { kind: 'url', url: `http://${host}:${port}/1.jpg?key=x` },
      })),
    );
    const results = await process(jobs);
    expect(results.find(({ assetId }) => assetId === jobs[0]?.assetId)).toMatchObject({ state: 'done' });
    expect(results.find(({ assetId }) => assetId === jobs[1]?.assetId)).toMatchObject({
      state: 'failed',
      failure: { code: 'INGEST.URL_NOT_ALLOWED', message: `http://127.0.0.2:${port}/1.jpg is not on a public host.` },
    });
    server.close();
    server.closeAllConnections();
  });

  it('resumes what has no result after Redis was wiped, and only that', async () => {
    const jobs = prepare([1, 2, 3, 4]);
    await process(jobs);
    const lost = jobs.slice(1);
    for (const { assetId } of lost) await session.store.delete(keys.result(TENANT, collection.id, assetId));
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    expect(await session.resume(TENANT, collection.id)).toBe(3);
    expect(await session.resume(TENANT, collection.id)).toBeLessThanOrEqual(3);
    await expect
      .poll(async () => (await Promise.all(jobs.map((job) => session.assets.findResult(job)))).filter(Boolean).length, {
        timeout: 30_000,
      })
      .toBe(4);
    expect(await session.resume(TENANT, collection.id)).toBe(0);
  });

  it('resumes what the API accepted and ingest never saw', async () => {
    const [lost, foreign] = prepare([5, 6]).map((job) => ({ ...job, submittedAt: '2029-01-01T00:00:00.000Z' }));
    for (const { assetId } of [lost!, foreign!]) {
      await session.store.delete(keys.asset(TENANT, collection.id, assetId));
      await session.store.delete(keys.result(TENANT, collection.id, assetId));
    }
    const written = new TextEncoder().encode(JSON.stringify(lost));
    await session.store.put(keys.intake(TENANT, lost!.assetId), written, { contentType: 'application/json' });
    expect(await session.resume(TENANT, collection.id)).toBe(1);
    await expect.poll(async () => (await session.assets.findResult(lost!))?.state, { timeout: 30_000 }).toBe('done');
    expect(await session.resume(TENANT, collection.id)).toBe(0);
    expect(await session.assets.findResult(foreign!)).toBeUndefined();
  });

  it('goes on by itself when Redis is wiped under a running batch', async () => {
    const jobs = prepare([1, 2, 3, 4, 5, 6]).map((job) => ({ ...job, submittedAt: '2031-01-01T00:00:00.000Z' }));
    const client = new Redis(redis.url);
    let wiped: Promise<unknown> | undefined;
    const results: ResultDocument[] = [];
    await session.process(jobs, {
      quietMs: 200,
      onStep: () => {
        wiped ??= client.flushall();
      },
      onResult: (result) => results.push(result),
    });
    client.disconnect();
    expect(results.map(({ state }) => state)).toEqual(Array(6).fill('done'));
  });
});
