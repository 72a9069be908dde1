import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  requireModels,
  type S3Server,
  samplePhoto,
  startRedis,
  startS3Server,
  type TestRedis,
} from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ConditionalPutProxy,
  startConditionalPutProxy,
} from '../../libs/object-store/src/testing/conditional-put.proxy.js';
import { SAMPLE_FACES, writePhoto } from '../support/photos.js';
import { done, openProduct, s3Settings } from '../support/product.js';

const COPIES = 8;

let redis: TestRedis;
let s3: S3Server;
let conditional: ConditionalPutProxy;
let folder: string;
beforeAll(async () => {
  [redis, s3, folder] = await Promise.all([startRedis(), startS3Server(), mkdtemp(join(tmpdir(), 'facelane-equal-'))]);
  conditional = await startConditionalPutProxy(s3.endpoint);
});
afterAll(async () => {
  await conditional.stop();
  await Promise.all([redis.stop(), s3.stop(), rm(folder, { recursive: true, force: true })]);
});

it.each(['files', 'an S3 bucket', 'an S3 bucket with conditions'] as const)(
  'equal photos submitted at once, in two collections and worked on by two sessions, are one each and its duplicates: %s',
  async (place) => {
    const name = place.replaceAll(' ', '-');
    const dataDir = await mkdtemp(join(folder, `${name}-`));
    const settings =
      place === 'files' ? {} : s3Settings(s3, place === 'an S3 bucket' ? undefined : conditional.endpoint);
    const env = { ...settings, INFERENCE_THREADS: '1', REDIS_PREFIX: name };
    const products = await Promise.all([1, 2].map(() => openProduct({ redisUrl: redis.url, dataDir, env })));
    try {
      const [one] = products;
      // Other bytes in each place: two of them share a bucket.
      const bytes = Buffer.concat([await samplePhoto(await requireModels(), 3), Buffer.from(name)]);
      const photos = await Promise.all(
        Array.from({ length: COPIES }, (_, i) => writePhoto(join(dataDir, 'photos', `${i}.jpg`), bytes)),
      );
      const collections = ['friends', 'others'];
      for (const id of collections) await one!.collection(id);
      const processed = await Promise.all(
        collections.map((id) =>
          one!.process(
            id,
            photos.map((path) => ({ source: { kind: 'file', path } as const })),
          ),
        ),
      );

      for (const inCollection of processed) {
        const results = inCollection.map(({ result }) => done(result));
        const [first, ...more] = results.filter(({ duplicateOf }) => duplicateOf === undefined);
        expect(more).toEqual([]);
        const links = results.map(({ assetId, duplicateOf }) => duplicateOf ?? assetId);
        expect(new Set(links)).toEqual(new Set([first!.assetId]));
        expect(results.map(({ faces }) => faces.length)).toEqual(results.map(() => SAMPLE_FACES[2]));
      }
      // Once for whoever has the crops in hand, and at most once in each session before it hears of that.
      const embedded = products.reduce((sum, { session }) => sum + session.engine.stats().items, 0);
      expect(embedded).toBeLessThanOrEqual((products.length + 1) * SAMPLE_FACES[2]);
    } finally {
      await Promise.all(products.map((product) => product.close()));
    }
  },
);
