import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { l2Normalise } from '@facelane/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparerOf, peaked, peakedComparer } from './comparer.fixture.js';
import { VectorComparer } from './vector.comparer.js';

const DIMENSION = 4;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-comparer-'));
});
afterAll(() => rm(folder, { recursive: true }));

const vectors = (count: number, seed: number): Float32Array =>
  Float32Array.from(
    Array.from({ length: count }, (_, row) =>
      l2Normalise(Float32Array.from({ length: DIMENSION }, (_, at) => Math.sin(1 + seed * 7 + row * 5 + at * 3))),
    ).flatMap((vector) => [...vector]),
  );

describe('a comparer', () => {
  it('says of every pair what its network says, any number of pairs at once', async () => {
    const comparer = await VectorComparer.start(await comparerOf(peakedComparer(DIMENSION, 0.3), DIMENSION, folder));
    expect([comparer.contract, comparer.dimension]).toEqual(['test-00000000', DIMENSION]);
    for (const pairs of [1, 2, 77]) {
      const [first, second] = [vectors(pairs, 1), vectors(pairs, 2)];
      const said = await comparer.probabilities(first, second);
      expect(said).toHaveLength(pairs);
      for (const [row, probability] of said.entries()) {
        let cosine = 0;
        for (let at = row * DIMENSION; at < (row + 1) * DIMENSION; at++) cosine += first[at]! * second[at]!;
        expect(probability).toBeCloseTo(peaked(cosine, 0.3), 5);
      }
    }
    expect(await comparer.probabilities(new Float32Array(0), new Float32Array(0))).toHaveLength(0);
    await comparer.close();
  });

  it('refuses sides of different lengths, and parts of vectors', async () => {
    const comparer = await VectorComparer.start(await comparerOf(peakedComparer(DIMENSION, 0.3), DIMENSION, folder));
    await expect(comparer.probabilities(vectors(2, 1), vectors(1, 1))).rejects.toThrow('found 8 and 4');
    await expect(comparer.probabilities(new Float32Array(3), new Float32Array(3))).rejects.toThrow(RangeError);
    await comparer.close();
  });
});

describe('a file that is no comparer is refused before it is asked', () => {
  const started = async (network: Uint8Array): Promise<unknown> =>
    VectorComparer.start(await comparerOf(network, DIMENSION, folder));

  it('when its answers mean the opposite', async () => {
    const network = peakedComparer(DIMENSION, 0.3, { upsideDown: true });
    await expect(started(network)).rejects.toMatchObject({
      code: 'INFERENCE.SELF_TEST_FAILED',
      message: expect.stringContaining('a vector and its opposite') as string,
    });
  });

  it('when its answers are no probabilities', async () => {
    await expect(started(peakedComparer(DIMENSION, 9))).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('does not give a probability for each pair') as string,
    });
  });

  it('when it takes vectors of another length, or one pair only', async () => {
    for (const network of [peakedComparer(DIMENSION + 1, 0.3), peakedComparer(DIMENSION, 0.3, { batch: 1 })]) {
      await expect(started(network)).rejects.toMatchObject({ code: 'INFERENCE.MODEL_CORRUPT' });
    }
  });

  it('when it is cut short, another file, or not there', async () => {
    const network = peakedComparer(DIMENSION, 0.3);
    await expect(started(network.subarray(0, 90))).rejects.toMatchObject({ code: 'INFERENCE.MODEL_CORRUPT' });
    const resolved = await comparerOf(network, DIMENSION, folder);
    await writeFile(resolved.comparer.path, 'another file');
    await expect(VectorComparer.start(resolved)).rejects.toMatchObject({ code: 'INFERENCE.MODEL_CORRUPT' });
    await rm(resolved.comparer.path);
    await expect(VectorComparer.start(resolved)).rejects.toMatchObject({ code: 'INFERENCE.MODEL_MISSING' });
  });
});
