import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode, Source } from '@facelane/contracts';
import { readStatus } from '@facelane/queue';
import {
  requireModels,
  type S3Server,
  samplePhoto,
  startRedis,
  startS3Server,
  type TestRedis,
} from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { animatedGif, cmykJpeg, crowd, hugePng, nobody, onePixel, PDF, png16, SVG } from '../support/bad.photos.js';
import { cutOutFaces, SAMPLE_FACES, writePhoto, writeSamples } from '../support/photos.js';
import { done, openProduct, type ProcessedPhoto, type Product, s3Settings, TENANT } from '../support/product.js';
import { type S3Proxy, startS3Proxy } from '../support/s3.proxy.js';

const COLLECTION = 'everything';
const DENIED_BUCKET = 'somebody-elses';
const isRoot = process.getuid?.() === 0;

/** What a photo is expected to come to: a number of faces, or a code and what the message must name. */
type Outcome = number | { readonly code: ErrorCode; readonly names: string };

let redis: TestRedis;
let s3: S3Server;
let proxy: S3Proxy;
let folder: string;
let product: Product;
let batch: { readonly name: string; readonly source: Source; readonly outcome: Outcome }[];
let processed: ReadonlyMap<string, ProcessedPhoto>;

const inFolder = (name: string): string => join(folder, name);

async function photo(name: string, bytes: Uint8Array | string, outcome: number | ErrorCode): Promise<void> {
  const path = await writePhoto(inFolder(name), bytes);
  expectPhoto(name, { kind: 'file', path }, typeof outcome === 'number' ? outcome : { code: outcome, names: path });
}

function expectPhoto(name: string, source: Source, outcome: Outcome): void {
  batch.push({ name, source, outcome });
}

async function fillBatch(good: readonly string[], sample: Uint8Array): Promise<void> {
  const goodOne = (index: number): void =>
    expectPhoto(`good-${index}`, { kind: 'file', path: good[index]! }, SAMPLE_FACES[index]!);
  goodOne(0);
  await photo('zero-bytes.jpg', '', 'INGEST.EMPTY');
  await photo('cut-short.jpg', sample.subarray(0, Math.floor(sample.length / 2)), 'DETECT.IMAGE_UNREADABLE');
  await photo('text.jpg', 'Dear diary, this is no photo.', 'INGEST.NOT_AN_IMAGE');
  await photo('drawing.svg', SVG, 'INGEST.NOT_AN_IMAGE');
  await photo('letter.pdf', PDF, 'INGEST.NOT_AN_IMAGE');
  await photo('huge.png', hugePng(30_000), 'INGEST.TOO_MANY_PIXELS');
  goodOne(1);
  await photo('animated.gif', await animatedGif(sample), 3);
  await photo('print.jpg', await cmykJpeg(sample), 3);
  await photo('deep.png', await png16(sample), 3);
  await photo('pixel.jpg', await onePixel(), 0);
  await photo('nobody.jpg', await nobody(), 0);
  await photo('crowd.jpg', await crowd(await cutOutFaces(product.session, sample), 10, 6), 60);
  goodOne(2);
  const gone = inFolder('gone.jpg');
  expectPhoto('gone.jpg', { kind: 'file', path: gone }, { code: 'INGEST.SOURCE_MISSING', names: gone });
  expectPhoto(
    'a folder',
    { kind: 'file', path: inFolder('good') },
    { code: 'INGEST.NOT_AN_IMAGE', names: inFolder('good') },
  );
  const outside = { kind: 'file', path: '/etc/hostname' } as const;
  expectPhoto('outside', outside, { code: 'INGEST.SOURCE_NOT_ALLOWED', names: outside.path });
  goodOne(3);
  const bucket = s3.bucket;
  const missingKey = { code: 'INGEST.SOURCE_MISSING', names: `s3://${bucket}/no/such/key.jpg` } as const;
  expectPhoto('missing key', { kind: 'object', bucket, key: 'no/such/key.jpg' }, missingKey);
  const noBucket = { code: 'INGEST.SOURCE_MISSING', names: 's3://no-such-bucket/photo.jpg' } as const;
  expectPhoto('no bucket', { kind: 'object', bucket: 'no-such-bucket', key: 'photo.jpg' }, noBucket);
  const denied = { code: 'INGEST.SOURCE_DENIED', names: `s3://${DENIED_BUCKET}/party/1.jpg` } as const;
  expectPhoto('denied bucket', { kind: 'object', bucket: DENIED_BUCKET, key: 'party/1.jpg' }, denied);
  goodOne(4);
  // Root may read anything, so nothing is unreadable for it.
  if (!isRoot) {
    await photo('unreadable.jpg', sample, 'INGEST.SOURCE_DENIED');
    await chmod(inFolder('unreadable.jpg'), 0);
  }
  goodOne(5);
}

beforeAll(async () => {
  const [models, ...servers] = await Promise.all([requireModels(), startRedis(), startS3Server()]);
  [redis, s3] = servers;
  folder = await mkdtemp(join(tmpdir(), 'facelane-bad-input-'));
  proxy = await startS3Proxy(s3.endpoint, { deniedBucket: DENIED_BUCKET });
  product = await openProduct({
    redisUrl: redis.url,
    env: { ...s3Settings(s3, proxy.endpoint), SOURCE_FILE_ROOTS: folder },
  });
  await product.collection(COLLECTION);
  batch = [];
  await fillBatch(await writeSamples(models, inFolder('good')), await samplePhoto(models, 1));
  const photos = await product.process(
    COLLECTION,
    batch.map(({ source }) => ({ source })),
  );
  processed = new Map(photos.map((item, i) => [batch[i]!.name, item]));
});

afterAll(async () => {
  await product.close();
  await proxy.stop();
  await Promise.all([redis.stop(), s3.stop(), rm(folder, { recursive: true, force: true })]);
});

describe('a batch of good and bad photos', () => {
  it('gives every photo its stated outcome', () => {
    const outcomes = batch.map(({ name, outcome }) => {
      const { result } = processed.get(name)!;
      const found = result.state === 'done' ? result.faces.length : result.failure.code;
      return [name, found, typeof outcome === 'number' ? outcome : outcome.code] as const;
    });
    expect(outcomes.map(([name, found]) => [name, found])).toEqual(outcomes.map(([name, , due]) => [name, due]));
  });

  it('names the photo as its owner knows it, says what to do, and shows no trace of the code', () => {
    for (const { name, outcome } of batch) {
      const { result } = processed.get(name)!;
      if (result.state === 'done' || typeof outcome === 'number') continue;
      const { message, remedy, attempts } = result.failure;
      expect(message).toContain(outcome.names);
      expect(message).not.toContain(result.assetId);
      expect(message).not.toMatch(/file:\/\/|\n| {4}at /);
      expect(remedy).toMatch(/^[A-Z].{20,}\.$/);
      expect(attempts).toBe(1);
    }
  });

  it('says how large a picture is that is too large', () => {
    const { result } = processed.get('huge.png')!;
    expect(result).toMatchObject({ failure: { details: { width: 30_000, height: 30_000 } } });
  });

  it('tags the neighbours, and every face of a crowd', async () => {
    const faces = [...processed.values()].flatMap(({ result }) => (result.state === 'done' ? result.faces : []));
    const { index, contract } = product.session;
    const filter = { tenant: TENANT, collection: COLLECTION, kind: 'face' } as const;
    expect(await index.count(contract, filter)).toBe(faces.length);
    expect(done(processed.get('crowd.jpg')!.result)).toMatchObject({ droppedFaces: 0 });
  });

  it('loses nothing: each photo is a result or a dead letter with its result, and the belt is empty', async () => {
    const failed = batch.filter(({ outcome }) => typeof outcome !== 'number').length;
    expect(processed.size).toBe(batch.length);
    await vi.waitFor(async () => {
      const stages = await readStatus(product.session.belt.queues);
      expect(stages.map(({ waiting, active, delayed }) => waiting + active + delayed)).toEqual([0, 0, 0, 0]);
      expect(stages.reduce((sum, { dead }) => sum + dead, 0)).toBe(failed);
    });
  });

  it('takes a photo that was mended in place', async () => {
    const path = inFolder('zero-bytes.jpg');
    await writePhoto(path, await readFile(inFolder('good/sample-2.jpg')));
    const [again] = await product.process(COLLECTION, [{ source: { kind: 'file', path } }]);
    expect(done(again!.result).faces).toHaveLength(3);
    const stages = await readStatus(product.session.belt.queues);
    const failed = batch.filter(({ outcome }) => typeof outcome !== 'number').length;
    expect(stages.reduce((sum, { dead }) => sum + dead, 0)).toBe(failed - 1);
  });
});
