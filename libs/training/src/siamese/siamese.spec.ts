import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { learnPairHead } from './learn-pair-head.js';
import { type LabelledPairs, pairLogit, sigmoid } from './pair-head.js';
import { siameseNetwork } from './siamese.network.js';
import { trainSiamese } from './train-siamese.js';

const DIMENSION = 8;

/** Whole-number noise in -1..1, the same everywhere. */
const noise = (at: number): number => ((at * 7919 + 13) % 2003) / 1001 - 1;

const unit = (values: readonly number[]): number[] => {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
};

/**
 * People differ in the first half of the values alone; the second half is noise that is as strong, which the cosine cannot know.
 */
function pairsOf(count: number, from = 0): LabelledPairs {
  const person = (number: number): number[] => Array.from({ length: 4 }, (_, at) => noise(number * 31 + at * 7));
  const photo = (number: number, seed: number): number[] =>
    unit([...person(number).map((value, at) => value + 0.25 * noise(seed + at)), ...[0, 1, 2, 3].map((at) => noise(seed * 3 + at * 11))]); // prettier-ignore
  const rows = Array.from({ length: count }, (_, row) => from + row);
  const first = rows.map((row) => photo(row, row * 17 + 1));
  const second = rows.map((row) => photo(row % 2 === 0 ? row : row + 500, row * 23 + 2));
  return {
    first: Float32Array.from(first.flat()),
    second: Float32Array.from(second.flat()),
    dimension: DIMENSION,
    same: Uint8Array.from(rows, (row) => (row % 2 === 0 ? 1 : 0)),
  };
}

/** People differ in every value alike: the cosine knows all there is to know. */
function alikePairsOf(count: number): LabelledPairs {
  const photo = (person: number, seed: number): number[] =>
    unit(Array.from({ length: DIMENSION }, (_, at) => noise(person * 31 + at * 7) + 0.5 * noise(seed * 5 + at * 11)));
  const rows = Array.from({ length: count }, (_, row) => row);
  return {
    first: Float32Array.from(rows.flatMap((row) => photo(row, row * 17 + 1))),
    second: Float32Array.from(rows.flatMap((row) => photo(row % 2 === 0 ? row : row + 500, row * 23 + 2))),
    dimension: DIMENSION,
    same: Uint8Array.from(rows, (row) => (row % 2 === 0 ? 1 : 0)),
  };
}

describe('a head over pairs', () => {
  const pairs = pairsOf(240);
  const learned = learnPairHead(pairs);

  it('learns which values tell people apart, which shows on pairs that were held back', () => {
    expect(learned.loss).toBeLessThan(0.9 * learned.cosineLoss);
    const size = (from: number): number =>
      [0, 1, 2, 3].reduce((sum, at) => sum + learned.head.product[from + at]! - learned.head.distance[from + at]!, 0);
    expect(size(0)).toBeGreaterThan(size(4) + 1);
  });

  it('is the cosine alone where what it could learn beside is within the error of the pairs', () => {
    const { penalty, loss, cosineLoss, head } = learnPairHead(alikePairsOf(80));
    expect([penalty, loss]).toEqual([Infinity, cosineLoss]);
    expect(new Set(head.product).size).toBe(1);
    expect([...head.distance].every((weight) => weight === 0)).toBe(true);
  });

  it('is symmetric, and the network gives its probabilities, alone and in batches', async () => {
    const session = await InferenceSession.create(siameseNetwork(learned.head));
    const tensor = (values: Float32Array): Tensor => new Tensor('float32', values, [values.length / DIMENSION, DIMENSION]); // prettier-ignore
    const run = async (a: Float32Array, b: Float32Array): Promise<Float32Array> =>
      (await session.run({ a: tensor(a), b: tensor(b) }))['probability']!.data as Float32Array;
    const together = await run(pairs.first, pairs.second);
    const swapped = await run(pairs.second, pairs.first);
    for (let row = 0; row < 20; row++) {
      const [a, b] = [pairs.first, pairs.second].map((all) => all.slice(row * DIMENSION, (row + 1) * DIMENSION));
      expect(together[row]).toBeCloseTo(sigmoid(pairLogit(learned.head, a!, b!)), 4);
      expect(swapped[row]).toBeCloseTo(together[row]!, 5);
      expect((await run(a!, b!))[0]).toBeCloseTo(together[row]!, 5);
    }
    await session.release();
  });

  it('is the same file every time, learned in a thread', async () => {
    const some = pairsOf(40);
    const [first, second] = await Promise.all([trainSiamese(some), trainSiamese(some)]);
    expect(Buffer.compare(first.network, second.network)).toBe(0);
  });

  it('is refused of too few pairs of a kind', () => {
    const one = pairsOf(40);
    expect(() => learnPairHead({ ...one, same: new Uint8Array(40).fill(1) })).toThrow('found 40 and 0');
  });
});
