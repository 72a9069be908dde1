import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IngestJob, keys, personIdOf, PIPELINE, resultDocumentSchema, type Source } from '@facelane/contracts';
import { connectProducer, readStatus } from '@facelane/queue';
import {
  requireModels,
  samplePhoto,
  type S3Server,
  startRedis,
  startS3Server,
  type TestModels,
  type TestRedis,
} from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ConditionalPutProxy,
  startConditionalPutProxy,
} from '../../libs/object-store/src/testing/conditional-put.proxy.js';
import { cutOutFaces, SAMPLE_FACES, writePhoto, writeSamples } from '../support/photos.js';
import { done, openProduct, type Product, s3Settings, TENANT } from '../support/product.js';
import { type S3Proxy, startS3Proxy } from '../support/s3.proxy.js';

const COLLECTION = 'friends';
const file = (path: string): Source => ({ kind: 'file', path });

let redis: TestRedis;
let s3: S3Server;
let models: TestModels;
let folder: string;
let samples: string[];

beforeAll(async () => {
  [redis, s3, models, folder] = await Promise.all([
    startRedis(),
    startS3Server(),
    requireModels(),
    mkdtemp(join(tmpdir(), 'facelane-photos-')),
  ]);
  samples = await writeSamples(models, folder);
});

afterAll(async () => {
  await Promise.all([redis.stop(), s3.stop(), rm(folder, { recursive: true, force: true })]);
});

/** Keys and bytes of everything under a prefix of the store. */
async function objectsBelow(product: Product, prefix: string): Promise<Map<string, string>> {
  const { store } = product.session;
  const found = new Map<string, string>();
  for await (const { key } of store.list(prefix)) {
    found.set(key, Buffer.from((await store.get(key)).body).toString('base64'));
  }
  return found;
}

async function whenWritten(product: Product, prefix: string): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for await (const { key, lastModified } of product.session.store.list(prefix)) times[key] = lastModified.getTime();
  return times;
}

/** Requests that every asset costs: not those for people, who are kept in memory, nor the caller's for results. */
const aboutAssets = (requests: readonly string[]): number =>
  requests.filter((request) => !/\/people\/|^GET .*\/results\//.test(request)).length;

const countPoints = (product: Product, kind: 'face' | 'person', collection = COLLECTION): Promise<number> =>
  product.session.index.count(product.session.contract, { tenant: TENANT, collection, kind });

describe.each([['files'], ['an S3 bucket']])('real photos, objects in %s and faces in the embedded index', (place) => {
  const prefix = place === 'files' ? 'e2e-files' : 'e2e-s3';
  let product: Product;
  let conditional: ConditionalPutProxy;
  let proxy: S3Proxy;
  let jobs: IngestJob[];

  beforeAll(async () => {
    conditional = await startConditionalPutProxy(s3.endpoint);
    proxy = await startS3Proxy(conditional.endpoint);
    const env = place === 'files' ? {} : s3Settings(s3, proxy.endpoint);
    product = await openProduct({ redisUrl: redis.url, env: { ...env, REDIS_PREFIX: prefix } });
    await product.collection(COLLECTION);
    const portraits = await cutOutFaces(product.session, await samplePhoto(models, 1));
    const references = await Promise.all(
      portraits.map((bytes, i) => writePhoto(join(folder, prefix, `guest-${i + 1}.jpg`), bytes)),
    );
    const enrolled = await product.process(
      COLLECTION,
      references.map((path, i) => ({ source: file(path), enrolAs: `Guest ${i + 1}` })),
    );
    expect(enrolled.map(({ result }) => done(result).enrolment?.outcome)).toEqual(['accepted', 'accepted', 'accepted']);
    const submission = { tenant: TENANT, collection: COLLECTION, contract: product.session.contract } as const;
    jobs = product.session.prepare(
      { ...submission, lane: 'interactive' },
      samples.map((path) => ({ source: file(path) })),
    );
  });

  afterAll(async () => {
    await product.close();
    await proxy.stop();
    await conditional.stop();
  });

  it('finds every face, and an enrolled person in a photo he was not enrolled from', async () => {
    const before = proxy.requests.length;
    const processed = await product.process(COLLECTION, jobs);
    if (place !== 'files') expect(aboutAssets(proxy.requests.slice(before)) / jobs.length).toBeLessThanOrEqual(8);

    const results = processed.map(({ result }) => done(result));
    expect(results.map(({ faces }) => faces.length)).toEqual(SAMPLE_FACES);
    const found = results[2]!.faces.filter(({ decision }) => decision === 'match');
    expect(found.map(({ candidates }) => candidates[0]?.name)).toEqual(['Guest 3']);
    expect(found[0]!.personId).toBe(personIdOf(TENANT, COLLECTION, 'Guest 3'));
    expect(found[0]!.candidates[0]!.score).toBeGreaterThan(found[0]!.threshold.cosine);

    const guests = results[0]!.faces.filter(({ decision }) => decision === 'match');
    const names = guests.map(({ candidates }) => candidates[0]!.name);
    expect(names.toSorted()).toEqual(['Guest 1', 'Guest 2', 'Guest 3']);
  });

  it('keeps a result document per photo and a point per face', async () => {
    const documents = await objectsBelow(product, keys.results(TENANT, COLLECTION));
    const parsed = [...documents.values()].map((bytes) =>
      resultDocumentSchema.parse(JSON.parse(Buffer.from(bytes, 'base64').toString('utf8'))),
    );
    expect(parsed).toHaveLength(samples.length + 3);
    const pointIds = parsed.flatMap((result) => done(result).faces.map(({ pointId }) => pointId));
    expect(new Set(pointIds).size).toBe(22);

    const indexed: string[] = [];
    const filter = { tenant: TENANT, collection: COLLECTION, kind: 'face' } as const;
    for await (const { id } of product.session.index.scroll(product.session.contract, filter)) indexed.push(id);
    expect(indexed.toSorted()).toEqual(pointIds.toSorted());
    expect(await countPoints(product, 'person')).toBe(3);
  });

  it('changes nothing when the same jobs run again, also when Redis was wiped in between', async () => {
    const before = await objectsBelow(product, keys.results(TENANT, COLLECTION));
    const embedded = product.session.engine.stats().items;
    const client = await connectProducer({ url: redis.url }, () => undefined);
    await client.flushall();
    client.disconnect();

    await product.process(COLLECTION, jobs);

    expect(await objectsBelow(product, keys.results(TENANT, COLLECTION))).toEqual(before);
    expect(await countPoints(product, 'face')).toBe(22);
    expect(await countPoints(product, 'person')).toBe(3);
    expect(product.session.engine.stats().items).toBe(embedded);
  });

  it('links the same photo under another name without running a model', async () => {
    const derived = `tenants/${TENANT}/derived/`;
    const before = await whenWritten(product, derived);
    const embedded = product.session.engine.stats().items;
    const copy = await writePhoto(join(folder, prefix, 'copy-of-3.jpg'), await samplePhoto(models, 3));

    const [processed] = await product.process(COLLECTION, [{ source: file(copy) }]);

    const result = done(processed!.result);
    expect(result.duplicateOf).toBe(jobs[2]!.assetId);
    expect(result.faces.filter(({ decision }) => decision === 'match')).toHaveLength(1);
    expect(product.session.engine.stats().items).toBe(embedded);
    expect(await whenWritten(product, derived)).toEqual(before);
  });

  it('refuses a collection that is pinned to another model contract', async () => {
    const threshold = { cosine: 0.4, fmr: 1e-4 };
    const thresholds = { match: threshold, review: threshold };
    const { collections } = product.session;
    await collections.ensure({ tenant: TENANT, id: 'older', contract: 'older-models.0123', thresholds });

    await expect(product.collection('older')).rejects.toMatchObject({ code: 'MATCH.CONTRACT_MISMATCH' });
    const [processed] = await product.process('older', [{ source: file(samples[0]!) }]);
    expect(processed!.result).toMatchObject({
      state: 'failed',
      failure: { code: 'MATCH.CONTRACT_MISMATCH', stage: 'match', attempts: 1 },
    });
    expect(await countPoints(product, 'face', 'older')).toBe(0);
  });

  it('leaves the belt empty but for the dead letter', async () => {
    const { queues } = product.session.belt;
    await vi.waitFor(async () => {
      const stages = await readStatus(queues);
      expect(stages.map(({ waiting, active, delayed, dead }) => [waiting + active + delayed, dead])).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 1],
      ]);
    });
  });
});

describe('a photo that lies in the bucket already', () => {
  it('is not copied, and known again when another key holds the same bytes', async () => {
    const env = { ...s3Settings(s3), REDIS_PREFIX: 'e2e-in-bucket' };
    const product = await openProduct({ redisUrl: redis.url, env });
    try {
      await product.collection('in-bucket');
      const { store } = product.session;
      const sources: Source[] = [];
      for (const key of ['inbox/first.jpg', 'inbox/second.jpg']) {
        const photo = Buffer.concat([await samplePhoto(models, 2), Buffer.from('other bytes, same picture')]);
        await store.put(key, photo, { contentType: 'image/jpeg' });
        sources.push({ kind: 'object', bucket: store.bucket, key });
      }
      const photosBefore = await whenWritten(product, keys.photo(TENANT, '').slice(0, -2));
      const [first] = await product.process('in-bucket', [{ source: sources[0]! }]);
      const [second] = await product.process('in-bucket', [{ source: sources[1]! }]);

      expect(done(first!.result).faces).toHaveLength(3);
      expect(done(second!.result)).toMatchObject({ duplicateOf: first!.job.assetId });
      expect(await whenWritten(product, keys.photo(TENANT, '').slice(0, -2))).toEqual(photosBefore);
    } finally {
      await product.close();
    }
  });
});

describe('job data', () => {
  it('stays below 2 KB per asset over all stages', async () => {
    const product = await openProduct({ redisUrl: redis.url, env: { REDIS_PREFIX: 'e2e-bytes' } });
    try {
      await product.collection(COLLECTION);
      const { queues } = product.session.belt;
      const stages = PIPELINE.order;
      await Promise.all(stages.map((stage) => queues.queue(stage).pause()));
      const finished = product.process(COLLECTION, [{ source: file(samples[4]!) }]);
      let bytes = 0;
      for (const stage of stages) {
        const queue = queues.queue(stage);
        const [job] = await vi.waitFor(async () => {
          const jobs = await queue.getJobs(['waiting', 'prioritized']);
          expect(jobs).toHaveLength(1);
          return jobs;
        });
        bytes += Buffer.byteLength(JSON.stringify(job!.data));
        await queue.resume();
      }
      await finished;
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(2048);
    } finally {
      await product.close();
    }
  });
});

describe('two processes on one Redis, bucket and index', () => {
  it('share the work and do each piece of it once', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'facelane-shared-'));
    // One job at a time: whoever is free takes the next.
    const oneAtATime = Object.fromEntries(
      ['INGEST', 'DETECT', 'EMBED', 'MATCH'].map((stage) => [`QUEUE_CONCURRENCY_${stage}`, '1']),
    );
    const env = { ...s3Settings(s3), ...oneAtATime, INFERENCE_THREADS: '1', REDIS_PREFIX: 'e2e-shared' };
    const products = await Promise.all([1, 2].map(() => openProduct({ redisUrl: redis.url, dataDir, env })));
    try {
      const [one, two] = products as [Product, Product];
      await one.collection('shared');
      // Other bytes than those of the other tests, which share the bucket: the models must run.
      const photos = await Promise.all(
        [...samples, ...samples].map(async (sample, i) => {
          const bytes = Buffer.concat([await readFile(sample), Buffer.from(`copy ${i}`)]);
          return { source: file(await writePhoto(join(folder, 'shared', `${i}.jpg`), bytes)) };
        }),
      );
      const processed = await one.process('shared', photos);

      const faces = processed.map(({ result }) => done(result).faces.length);
      expect(faces).toEqual([...SAMPLE_FACES, ...SAMPLE_FACES]);
      await vi.waitFor(() => {
        for (const { runs } of products) expect(runs.some(({ stage }) => stage === 'detect')).toBe(true);
        const runs = [...one.runs, ...two.runs].map(({ stage, assetId }) => `${stage} ${assetId ?? ''}`);
        expect(runs).toHaveLength(photos.length * 4);
        expect(new Set(runs).size).toBe(runs.length);
      });
      expect(await countPoints(two, 'face', 'shared')).toBe(44);
    } finally {
      await Promise.all(products.map((product) => product.close()));
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
