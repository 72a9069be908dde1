import type { PairScore, Vectors } from '@facelane/evaluation';
import type { VectorComparer } from '@facelane/inference';
import { joinVectors } from '@facelane/vision';

/** Pairs of one run of the comparer. */
const TOGETHER = 512;

/** What the contract's comparer says of the pairs whose photos both have a vector. */
export async function pairProbabilities(
  comparer: VectorComparer,
  pairs: readonly (readonly [first: string, second: string])[],
  vectors: Vectors,
): Promise<PairScore> {
  const known = new Map<string, number>();
  const whole = pairs.filter(
    ([first, second]) => vectors.get(first) !== undefined && vectors.get(second) !== undefined,
  );
  for (let start = 0; start < whole.length; start += TOGETHER) {
    const some = whole.slice(start, start + TOGETHER);
    const side = (at: 0 | 1): Float32Array => joinVectors(some.map((pair) => vectors.get(pair[at])!));
    const found = await comparer.probabilities(side(0), side(1));
    for (const [row, [first, second]] of some.entries()) known.set(`${first} ${second}`, found[row]!);
  }
  return (first, second) => known.get(`${first} ${second}`)!;
}
