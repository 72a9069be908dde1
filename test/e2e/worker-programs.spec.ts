import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeaseExclusion } from '@facelane/boot';
import {
  decodeProbeAnswer,
  type IngestJob,
  PIPELINE,
  probeAnswerKey,
  PROBES,
  type ResultDocument,
  UPKEEP,
} from '@facelane/contracts';
import { findContract, modelContractId } from '@facelane/models';
import { S3ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, CollectionsRegistry, DocumentStore } from '@facelane/registry';
import { AssetSubmitter } from '@facelane/submission';
import {
  requireModels,
  type S3Server,
  samplePhoto,
  startRedis,
  startS3Server,
  type TestModels,
  type TestRedis,
} from '@facelane/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ChildProgram, startProgram } from '../support/child.program.js';

const TENANT = 'acme';
const COLLECTION = 'friends';

let redis: TestRedis;
let s3: S3Server;
let models: TestModels;
let contract: string;
let dir: string;
let env: Record<string, string>;
let store: S3ObjectStore;
let belt: PipelineBelt<typeof PIPELINE>;
let assets: AssetsRegistry;
const running: ChildProgram[] = [];

beforeAll(async () => {
  [redis, s3, models, dir] = await Promise.all([
    startRedis(),
    startS3Server(),
    requireModels(),
    mkdtemp(join(tmpdir(), 'facelane-e2e-')),
  ]);
  contract = modelContractId(findContract(models.manifest), models.manifest);
  env = {
    REDIS_URL: redis.url,
    S3_ENDPOINT: s3.endpoint,
    S3_BUCKET: s3.bucket,
    S3_ACCESS_KEY_ID: s3.credentials.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
    FACE_INDEX_FILE: join(dir, 'index.sqlite'),
    DATA_DIR: dir,
    INFERENCE_THREADS: '1',
  };
  store = new S3ObjectStore(s3);
  belt = await PipelineBelt.open(PIPELINE, 'producer', { url: redis.url, onError: () => undefined });
  const documents = new DocumentStore(store, new LeaseExclusion(belt.lease));
  assets = new AssetsRegistry(documents);
  const thresholds = { match: { cosine: 0.4, fmr: 1e-4 }, review: { cosine: 0.3, fmr: 1e-3 } };
  await new CollectionsRegistry(documents).ensure({ tenant: TENANT, id: COLLECTION, contract, thresholds });
  for (let n = 1; n <= 6; n += 1) {
    await store.put(`incoming/${n}.jpg`, await samplePhoto(models, n), { contentType: 'image/jpeg' });
  }
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.end('SIGKILL')));
});

afterAll(async () => {
  await belt.close();
  await store.close();
  await s3.stop();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

function start(app: string, more: Record<string, string> = {}): ChildProgram {
  const program = startProgram(app, { ...env, ...more });
  running.push(program);
  return program;
}

/** Submits sample photos as so many different assets. */
async function submit(count: number, run: string): Promise<IngestJob[]> {
  const submitter = new AssetSubmitter(belt.queues);
  for (let n = 0; n < count; n += 1) {
    await store.put(`incoming/${run}-${n}.jpg`, await samplePhoto(models, (n % 6) + 1), { contentType: 'image/jpeg' });
  }
  const jobs = submitter.prepare(
    { tenant: TENANT, collection: COLLECTION, contract, lane: 'bulk' },
    Array.from({ length: count }, (_, n) => ({
      source: { kind: 'object', bucket: s3.bucket, key: `incoming/${run}-${n}.jpg` } as const,
    })),
  );
  await submitter.submit(jobs);
  return jobs;
}

async function resultsOf(jobs: readonly IngestJob[]): Promise<ResultDocument[]> {
  return vi.waitFor(
    async () => {
      const results = await Promise.all(jobs.map((job) => assets.findResult(job)));
      const done = results.filter((result) => result !== undefined);
      if (done.length < jobs.length) {
        throw new Error(
          `${done.length} of ${jobs.length} results\n${running.map((program) => program.stderr()).join('')}`,
        );
      }
      return done;
    },
    { timeout: 40_000, interval: 200 },
  );
}

describe('worker programs', () => {
  it('carry photos through four processes, two of them of one stage, and end in order on SIGTERM', async () => {
    const programs = ['ingest', 'detect', 'detect', 'embed', 'match'].map((app) => start(app));
    await Promise.all(programs.map((program) => program.says('stages running')));
    const jobs = await submit(12, 'flow');
    const results = await resultsOf(jobs);
    expect(results.map(({ state }) => state)).toEqual(Array(12).fill('done'));
    expect(results.some((result) => result.state === 'done' && result.faces.length > 0)).toBe(true);
    expect(await Promise.all(programs.map((program) => program.end('SIGTERM')))).toEqual([0, 0, 0, 0, 0]);
  });

  it('hand back what does not finish in time, and lose nothing to a SIGTERM in the middle', async () => {
    const others = ['ingest', 'embed', 'match'].map((app) => start(app));
    const first = start('detect', { QUEUE_DRAIN_TIMEOUT_MS: '0' });
    await Promise.all([...others, first].map((program) => program.says('stages running')));
    const jobs = await submit(12, 'drain');
    const events = Promise.withResolvers<undefined>();
    const listening = await belt.listen(({ stage }) => {
      if (stage === 'detect') events.resolve(undefined);
    });
    await events.promise;
    await listening.close();
    expect(await first.end('SIGTERM')).toBe(0);
    start('detect');
    const results = await resultsOf(jobs);
    expect(results.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  it('answer a question in one hop, while the pipeline has nobody', async () => {
    const probe = start('probe');
    await probe.says('stages running');
    const probes = belt.alongside(PROBES);
    const assetId = randomUUID();
    const ended = Promise.withResolvers<unknown>();
    const events = await probes.listen((event) => {
      if (event.assetId === assetId) ended.resolve(event.outcome);
    });
    const source = { kind: 'object', bucket: s3.bucket, key: 'incoming/1.jpg' } as const;
    await probes.queues.add('probe', [
      { tenant: TENANT, assetId, contract, lane: 'interactive', source, want: 'vectors' },
    ]);
    expect(await ended.promise).toBe('completed');
    const { header, vectors } = decodeProbeAnswer((await store.get(probeAnswerKey(TENANT, assetId))).body);
    expect(header.faces.length).toBeGreaterThan(0);
    expect(vectors).toHaveLength(header.faces.length);
    await events.close();
    expect(await probe.end('SIGTERM')).toBe(0);
  });

  it('of the match stage do the upkeep too', async () => {
    const match = start('match');
    await match.says('stages running');
    const upkeep = belt.alongside(UPKEEP);
    const assetId = randomUUID();
    const ended = Promise.withResolvers<unknown>();
    const events = await upkeep.listen((event) => {
      if (event.assetId === assetId) ended.resolve(event.outcome);
    });
    await upkeep.queues.add('rebind', [
      { tenant: TENANT, collection: COLLECTION, contract, personId: randomUUID(), assetId, lane: 'bulk' },
    ]);
    expect(await ended.promise).toBe('completed');
    await events.close();
    expect(await match.end('SIGTERM')).toBe(0);
  });

  it('wait for a Redis that comes up later, saying so once', async () => {
    await redis.kill9();
    const match = start('match');
    await match.says('waiting for Redis');
    await redis.restart();
    await match.says('stages running');
    expect(match.stderr().split('waiting for Redis')).toHaveLength(2);
    expect(await match.end('SIGTERM')).toBe(0);
  });

  it('end at once when they are stopped while Redis is away', async () => {
    const match = start('match', { REDIS_URL: 'redis://127.0.0.1:1' });
    await match.says('waiting for Redis');
    expect(await match.end('SIGTERM')).toBe(0);
    expect(match.stderr()).not.toContain('    at ');
  });

  it.each([
    ['a wrong value', { S3_ENDPOINT: 'nonsense' }, 2, 'S3_ENDPOINT'],
    ['a missing Redis', { REDIS_URL: '' }, 2, 'REDIS_URL'],
    ['missing models', { MODELS_CACHE: '/nonexistent/models' }, 3, 'INFERENCE.MODEL_MISSING'],
  ])('say in two sentences that there is %s', async (_what, wrong, code, named) => {
    const embed = start('embed', { ...wrong, LOG_LEVEL: 'error' });
    expect(await embed.ended).toBe(code);
    expect(embed.stderr()).toContain(named);
    expect(embed.stderr()).not.toContain('    at ');
    expect(embed.stderr()).not.toContain('"level"');
  });
});

describe('the API', () => {
  const addressOf = (api: ChildProgram): string => /http:\/\/[^"]+/.exec(api.stderr())?.[0] ?? '';

  it('is ready when its servers answer, names the one that does not, and refuses an occupied port', async () => {
    const api = start('api', { API_PORT: '0' });
    await api.says('API listening');
    const address = addressOf(api);
    await vi.waitFor(async () => expect((await fetch(`${address}/health/ready`)).status).toBe(200), 20_000);
    expect((await fetch(`${address}/health/live`)).status).toBe(200);

    const second = start('api', { API_PORT: new URL(address).port });
    expect(await second.ended).toBe(2);
    expect(second.stderr()).toContain('API_PORT');
    expect(second.stderr()).not.toContain('    at ');

    await redis.kill9();
    await vi.waitFor(async () => {
      const answer = await fetch(`${address}/health/ready`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({
        status: 503,
        code: 'API.UNAVAILABLE',
        checks: { redis: { status: 'failed' }, objectStore: { status: 'ok' }, faceIndex: { status: 'ok' } },
      });
    }, 20_000);
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
    await redis.restart();
    await vi.waitFor(async () => expect((await fetch(`${address}/health/ready`)).status).toBe(200), 20_000);
    expect(await api.end('SIGTERM')).toBe(0);
  });

  it('names a bucket that is not there', async () => {
    const api = start('api', { API_PORT: '0', S3_BUCKET: 'no-such-bucket' });
    await api.says('API listening');
    const answer = await fetch(`${addressOf(api)}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ checks: { objectStore: { problem: 'STORE.BUCKET_MISSING' } } });
  });
});

describe('standalone', () => {
  it('says where it is when it is ready, and takes its private Redis along on Ctrl-C', async () => {
    const home = await mkdtemp(join(tmpdir(), 'facelane-standalone-'));
    const standalone = startProgram('standalone', { DATA_DIR: home, INFERENCE_THREADS: '1', API_PORT: '0' });
    running.push(standalone);
    await standalone.says('Facelane is ready');
    const [, address = ''] = /FACELANE_URL=(\S+)/.exec(standalone.stdout()) ?? [];
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    expect(await standalone.end('SIGINT')).toBe(0);
    await rm(home, { recursive: true, force: true });
  });
});
