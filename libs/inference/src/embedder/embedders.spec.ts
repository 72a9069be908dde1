import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CROP_BYTES } from '@facelane/contracts';
import { contractFileIds, pullModels, resolveContract, type ResolvedContract } from '@facelane/models';
import { requireModels } from '@facelane/testing';
import { cosine } from '@facelane/vision';
import { InferenceEngine } from '../engine/inference.engine.js';
import { syntheticCrops } from '../engine/self-test.js';
import { contractWith, embedderNetwork, type EmbedderFacts } from './embedder.fixture.js';

const models = await requireModels();
const { manifest, cacheDir } = models;
const folder = await mkdtemp(join(tmpdir(), 'facelane-embedders-'));
await pullModels(manifest, contractFileIds(manifest, 'resnet-128'), { cacheDir });

afterAll(() => rm(folder, { recursive: true }));

const rgb = { layout: 'NCHW', width: 112, height: 112, order: 'RGB' } as const;
const bytes = { mean: 0, std: 255 };
const signed = { mean: 127.5, std: 127.5 };

/** The interfaces of embedders whose files somebody brings along; models/README.md has the same entries. */
const INTERFACES: readonly EmbedderFacts[] = [
  {
    id: 'facenet-512',
    input: { ...rgb, name: 'input_1', layout: 'NHWC', width: 160, height: 160, prewhiten: true },
    ...{ output: 'Bottleneck_BatchNorm', dimension: 512 },
  },
  {
    id: 'facenet-128',
    input: { ...rgb, name: 'input', width: 160, height: 160, prewhiten: true },
    ...{ output: 'embedding', dimension: 128 },
  },
  {
    id: 'deepface-4096',
    input: { ...rgb, name: 'input_1', layout: 'NHWC', width: 152, height: 152, ...bytes },
    ...{ output: 'F7', dimension: 4096 },
  },
  {
    id: 'arcface-512',
    permissive: false,
    input: { ...rgb, name: 'input.1', ...signed },
    output: '683',
    dimension: 512,
  },
  { id: 'sface-128', input: { ...rgb, name: 'data', mean: 0, std: 1 }, output: 'fc1', dimension: 128 },
  {
    id: 'adaface-512',
    input: { ...rgb, name: 'input', order: 'BGR', ...signed },
    ...{ output: 'embedding', dimension: 512 },
  },
];

async function requireBatchedEqualsSingle(contract: ResolvedContract): Promise<void> {
  const engine = await InferenceEngine.start({ contract, threads: 1, maxBatch: 4 });
  try {
    const { dimension } = contract.embedder;
    const crops = syntheticCrops(5);
    const together = await engine.embed(crops);
    expect(together.length).toBe(5 * dimension);
    const rows = Array.from({ length: 5 }, (_, row) => together.subarray(row * dimension, (row + 1) * dimension));
    for (const [row, vector] of rows.entries()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      const alone = await engine.embed(crops.slice(row * CROP_BYTES, (row + 1) * CROP_BYTES));
      expect(cosine(alone, vector)).toBeGreaterThan(1 - 1e-4);
      if (row > 0) expect(cosine(vector, rows[row - 1]!)).toBeLessThan(0.9999);
    }
  } finally {
    await engine.close();
  }
}

describe('a batch gives the vectors of its crops alone', () => {
  it.each(['default', 'resnet-128'])('with the contract %s', { timeout: 60_000 }, async (name) => {
    const contract = await resolveContract(manifest, cacheDir, name);
    await requireBatchedEqualsSingle(contract);
    await requireBatchedEqualsSingle({ ...contract, settings: { ...contract.settings, mirror: true } });
  });

  it.each(INTERFACES)('with a network that has the interface of $id', async (facts) => {
    const { input, output, dimension, id } = facts;
    const { layout, width, height } = input;
    const network = embedderNetwork({
      ...{ input: input.name, output, dimension, local: id.startsWith('deepface') },
      shape: layout === 'NCHW' ? [3, height, width] : [height, width, 3],
    });
    await requireBatchedEqualsSingle(await contractWith(models.contract, facts, network, folder));
  });
});

describe('the mirrored look', () => {
  it('makes a crop and its mirror image one vector', async () => {
    const settings = { ...models.contract.settings, mirror: true } as const;
    const engine = await InferenceEngine.start({ contract: { ...models.contract, settings }, threads: 1 });
    const plain = await InferenceEngine.start({ contract: models.contract, threads: 1 });
    const crop = syntheticCrops(1);
    const turned = Uint8Array.from(crop, (_, at) => {
      const [pixel, channel] = [Math.floor(at / 3), at % 3];
      return crop[(Math.floor(pixel / 112) * 112 + 111 - (pixel % 112)) * 3 + channel]!;
    });
    expect(cosine(await engine.embed(crop), await engine.embed(turned))).toBeGreaterThan(1 - 1e-6);
    expect(cosine(await plain.embed(crop), await plain.embed(turned))).toBeLessThan(0.99);
    await Promise.all([engine.close(), plain.close()]);
  });
});
