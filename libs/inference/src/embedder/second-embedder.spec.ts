import { contractFileIds, pullModels, resolveContract } from '@facelane/models';
import { requireModels } from '@facelane/testing';
import { cosine } from '@facelane/vision';
import { describe, expect, it } from 'vitest';
import { InferenceEngine } from '../engine/inference.engine.js';
import { syntheticCrops } from '../engine/self-test.js';

const FACES = 4;
const { manifest, cacheDir, contract } = await requireModels();
await pullModels(manifest, contractFileIds(manifest, 'resnet-128'), { cacheDir });
const { embedder: other } = await resolveContract(manifest, cacheDir, 'resnet-128');
const crops = syntheticCrops(FACES);

async function embedded(changes: object): Promise<{ rows: Float32Array[]; strengths?: readonly number[] | undefined }> {
  const engine = await InferenceEngine.start({ contract: { ...contract, ...changes }, threads: 1, maxBatch: 4 });
  try {
    const { dimension } = engine.contract;
    const { vectors, strengths } = await engine.embedFaces(crops);
    const rows = Array.from({ length: FACES }, (_, row) => vectors.slice(row * dimension, (row + 1) * dimension));
    return { rows, strengths };
  } finally {
    await engine.close();
  }
}

describe('two embedders side by side', () => {
  it.each([0.5, 1, 3])('have the weighted mean of their cosines, weight %d', async (weight) => {
    const [first, second] = [await embedded({}), await embedded({ embedder: other })];
    const both = await embedded({ second: { embedder: other, weight } });
    for (const [a, vector] of both.rows.entries()) {
      expect(vector).toHaveLength(512 + 128);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      for (const [b, against] of both.rows.entries()) {
        const [one, two] = [cosine(first.rows[a]!, first.rows[b]!), cosine(second.rows[a]!, second.rows[b]!)];
        expect(cosine(vector, against)).toBeCloseTo((one + weight * two) / (1 + weight), 4);
      }
    }
    // How strongly the first answers: the other's lengths tell nothing.
    expect(both.strengths).toEqual(first.strengths);
  });

  it('look at the mirrored crop too where the contract says so', async () => {
    const settings = { ...contract.settings, mirror: true } as const;
    const both = await embedded({ second: { embedder: other, weight: 1 }, settings });
    const [first, second] = [await embedded({ settings }), await embedded({ embedder: other, settings })];
    const expected = (cosine(first.rows[0]!, first.rows[1]!) + cosine(second.rows[0]!, second.rows[1]!)) / 2;
    expect(cosine(both.rows[0]!, both.rows[1]!)).toBeCloseTo(expected, 4);
  });
});
