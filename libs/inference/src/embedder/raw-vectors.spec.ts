import { CROP_BYTES } from '@facelane/contracts';
import { contractFileIds, pullModels, resolveContract, type ResolvedContract } from '@facelane/models';
import { requireModels } from '@facelane/testing';
import { cosine } from '@facelane/vision';
import { describe, expect, it } from 'vitest';
import { InferenceEngine } from '../engine/inference.engine.js';
import { syntheticCrops } from '../engine/self-test.js';

const RADIUS = 8;
const FACES = 4;

const { manifest, cacheDir } = await requireModels();
await pullModels(manifest, contractFileIds(manifest, 'resnet-128'), { cacheDir });

const rawOf = (contract: ResolvedContract, radius = RADIUS): ResolvedContract => ({
  ...contract,
  metric: 'euclidean-raw',
  settings: { ...contract.settings, radius },
});

async function vectorsOf(contract: ResolvedContract, crops: Uint8Array): Promise<Float32Array[]> {
  const engine = await InferenceEngine.start({ contract, threads: 1, maxBatch: 4 });
  try {
    const { dimension } = engine.contract;
    const all = await engine.embed(crops);
    return Array.from({ length: all.length / dimension }, (_, row) =>
      all.slice(row * dimension, (row + 1) * dimension),
    );
  } finally {
    await engine.close();
  }
}

/** What the network gave: the vector on the sphere without its last value. */
const given = (vector: Float32Array): Float32Array => vector.subarray(0, -1).map((value) => value * RADIUS);

describe.each(['default', 'resnet-128'])('vectors that keep their length, of the contract %s', (name) => {
  it('have the directions of those that do not, lengths of their own, and unit length on the sphere', async () => {
    const contract = await resolveContract(manifest, cacheDir, name);
    const crops = syntheticCrops(FACES);
    const [units, raw] = [await vectorsOf(contract, crops), await vectorsOf(rawOf(contract), crops)];
    const lengths = new Set<string>();
    for (const [row, vector] of raw.entries()) {
      expect(vector).toHaveLength(contract.embedder.dimension + 1);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect(cosine(given(vector), units[row]!)).toBeGreaterThan(1 - 1e-5);
      lengths.add(Math.hypot(...given(vector)).toFixed(3));
    }
    expect(lengths.size).toBe(FACES);
  });

  it('are refused where the sphere is too small for them', async () => {
    const contract = rawOf(await resolveContract(manifest, cacheDir, name), 0.1);
    await expect(vectorsOf(contract, syntheticCrops(1))).rejects.toMatchObject({
      code: 'INFERENCE.FAILED',
      message: expect.stringMatching(
        /^The radius of the contract is too small: A vector of length [\d.]+ does not/,
      ) as string,
    });
  });
});

it('vectors that keep their length are the mean of both looks where there are two', async () => {
  const contract = rawOf(await resolveContract(manifest, cacheDir));
  const crop = syntheticCrops(1);
  const turned = Uint8Array.from(crop, (_, at) => {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    return crop[(Math.floor(pixel / 112) * 112 + 111 - (pixel % 112)) * 3 + channel]!;
  });
  const both = new Uint8Array(2 * CROP_BYTES);
  both.set(crop);
  both.set(turned, CROP_BYTES);
  const [one, other] = (await vectorsOf(contract, both)).map(given);
  const mirrored = { ...contract, settings: { ...contract.settings, mirror: true } as const };
  const [mean] = (await vectorsOf(mirrored, crop)).map(given);
  for (const [at, value] of mean!.entries()) expect(value).toBeCloseTo((one![at]! + other![at]!) / 2, 3);
});
