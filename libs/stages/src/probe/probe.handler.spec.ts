import { createHash, randomUUID } from 'node:crypto';
import { decodeProbeAnswer, keys, probeAnswerKey, type ProbeJob } from '@facelane/contracts';
import { DEFAULT_IMAGE_LIMITS } from '@facelane/imaging';
import { InferenceEngine } from '@facelane/inference';
import { GuardedFetcher } from '@facelane/outbound';
import { requireModels, samplePhoto } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhotoAnalyser } from '../photo.analyser.js';
import { PhotoEmbedder } from '../photo.embedder.js';
import { SourceReader } from '../source.reader.js';
import { openStores, type TestStores } from '../testing/open-stores.js';
import { context, TENANT } from '../testing/stage.samples.js';
import { ProbeHandler } from './probe.handler.js';

const KEY = 'theirs/party.jpg';

let stores: TestStores;
let engine: InferenceEngine;
let web: GuardedFetcher;
let handler: ProbeHandler;
let embedder: PhotoEmbedder;
let photo: Uint8Array;

beforeAll(async () => {
  const models = await requireModels();
  [photo, stores] = await Promise.all([samplePhoto(models, 1), openStores('fs')]);
  engine = await InferenceEngine.start({ contract: models.contract, threads: 1 });
  web = new GuardedFetcher();
  const limits = { ...DEFAULT_IMAGE_LIMITS, maxBytes: photo.byteLength };
  const analyser = new PhotoAnalyser(engine, limits);
  embedder = new PhotoEmbedder(analyser, engine);
  const sources = new SourceReader(stores.store, web, { fileRoots: [], maxBytes: limits.maxBytes });
  handler = new ProbeHandler(sources, analyser, embedder, stores.store, limits);
  await stores.store.put(KEY, photo, { contentType: 'image/jpeg' });
});
afterAll(async () => {
  await Promise.all([engine.close(), web.close()]);
  await stores.close();
});

const probe = (want: ProbeJob['want'], more: Partial<ProbeJob> = {}): ProbeJob => ({
  tenant: TENANT,
  assetId: randomUUID(),
  contract: engine.contract.id,
  lane: 'interactive',
  source: { kind: 'object', bucket: stores.store.bucket, key: KEY },
  want,
  ...more,
});

async function answerTo(job: ProbeJob): Promise<ReturnType<typeof decodeProbeAnswer>> {
  const { faces } = await handler.handle(job, context());
  const { body } = await stores.store.get(probeAnswerKey(TENANT, job.assetId));
  const answer = decodeProbeAnswer(body);
  expect(answer.header.faces).toHaveLength(faces);
  return answer;
}

async function keysOf(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of stores.store.list(prefix)) found.push(key);
  return found;
}

describe('probe', () => {
  it('answers with the faces, and stores nothing else', async () => {
    const job = probe('faces');
    const { header, vectors } = await answerTo(job);
    expect(header).toMatchObject({
      contract: job.contract,
      probeId: job.assetId,
      droppedFaces: 0,
      dimension: 0,
      photo: {
        sha256: createHash('sha256').update(photo).digest('hex'),
        bytes: photo.byteLength,
        format: 'jpeg',
      },
    });
    expect(header.faces.length).toBeGreaterThan(0);
    expect(vectors.every(({ length }) => length === 0)).toBe(true);
    expect(await keysOf(`tenants/${TENANT}/`)).toEqual([probeAnswerKey(TENANT, job.assetId)]);
    await stores.store.delete(probeAnswerKey(TENANT, job.assetId));
  });

  it('answers with a vector for each face when it is asked to, the same that the pipeline makes', async () => {
    const { header, vectors } = await answerTo(probe('vectors'));
    const expected = await embedder.embed(photo, 'party');
    expect(header.dimension).toBe(engine.contract.dimension);
    expect(header.faces).toEqual(expected.faces);
    expect(header.photo).toMatchObject(expected.photo);
    expect(vectors.map((vector) => [...vector])).toEqual(expected.vectors.map((vector) => [...vector]));
  });

  it('refuses with the name of the photo what ingest and detect refuse', async () => {
    const put = async (key: string, bytes: Uint8Array): Promise<ProbeJob['source']> => {
      await stores.store.put(key, bytes, { contentType: 'image/jpeg' });
      return { kind: 'object', bucket: stores.store.bucket, key };
    };
    const refused: [ProbeJob['source'], string][] = [
      [await put('theirs/text.jpg', Buffer.from('no photo at all')), 'INGEST.NOT_AN_IMAGE'],
      [await put('theirs/torn.jpg', photo.subarray(0, 2_000)), 'DETECT.IMAGE_UNREADABLE'],
      [{ kind: 'object', bucket: stores.store.bucket, key: 'theirs/gone.jpg' }, 'INGEST.SOURCE_MISSING'],
      [await put('theirs/large.jpg', new Uint8Array(photo.byteLength + 1)), 'INGEST.TOO_LARGE'],
    ];
    for (const [source, code] of refused) {
      const { key } = source as { key: string };
      await expect(handler.handle(probe('vectors', { source }), context())).rejects.toMatchObject({
        code,
        message: expect.stringContaining(key) as string,
      });
    }
    await expect(handler.handle(probe('faces', { contract: 'other-1' }), context())).rejects.toMatchObject({
      code: 'INFERENCE.CONTRACT_MISMATCH',
    });
  });

  it('ends when it is told to', async () => {
    const job = probe('vectors');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(handler.handle(job, { signal, attempt: 1 })).rejects.toThrow('enough');
    expect(await keysOf(keys.scratch(TENANT, job.assetId))).toEqual([]);
  });
});
