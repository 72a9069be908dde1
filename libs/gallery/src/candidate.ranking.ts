import { joinVectors } from '@facelane/vision';
import type { NamedScore, SearchedFace, SearchScope } from './candidate.search.js';
import type { EnsuredIndex } from './ensured.index.js';
import type { PairComparer } from './pair-comparer.port.js';

/**
 * Puts candidates in the order of the contract's comparer. The cosine says who is a candidate at all and what is decided of him:
 * those at or above the bar change places among themselves and no others, and every score stays what it was.
 */
export class CandidateRanking {
  constructor(
    private readonly index: EnsuredIndex,
    private readonly comparer: PairComparer | undefined,
  ) {}

  /**
   * One list per face, as `found`. Unchanged where the contract has no comparer.
   *
   * @param bar - least cosine of a candidate who is compared: that of the review bar
   */
  async rank(
    { contract }: SearchScope,
    faces: readonly SearchedFace[],
    found: readonly NamedScore[][],
    bar: number,
  ): Promise<NamedScore[][]> {
    const { comparer } = this;
    if (comparer?.contract !== contract) return [...found];
    const pairs = faces.flatMap(({ vector }, at) =>
      found[at]!.filter(({ score }) => score >= bar).map((candidate) => ({ at, vector, candidate })),
    );
    if (pairs.length === 0) return [...found];
    const references = await this.referencesOf(contract, pairs);
    // A reference that was removed meanwhile is compared no more.
    const whole = pairs.filter(({ candidate }) => references.has(candidate.referenceId));
    const probabilities = await comparer.probabilities(
      joinVectors(whole.map(({ vector }) => vector)),
      joinVectors(whole.map(({ candidate }) => references.get(candidate.referenceId)!)),
    );
    const ranked = faces.map(() => new Map<string, number>());
    for (const [row, { at, candidate }] of whole.entries()) ranked[at]!.set(candidate.personId, probabilities[row]!);
    return found.map((candidates, at) => reordered(candidates, ranked[at]!, bar));
  }

  private async referencesOf(
    contract: string,
    pairs: readonly { readonly vector: Float32Array; readonly candidate: NamedScore }[],
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const ids = [...new Set(pairs.map(({ candidate }) => candidate.referenceId))];
    const vectors = pairs.map(({ vector }) => vector);
    const points = await this.index.with(contract, vectors, (index) =>
      index.find(contract, ids, { withVectors: true }),
    );
    return new Map(points.map(({ id, vector }) => [id, vector]));
  }
}

/** The surest first; equally sure ones by their cosine, as they came. */
function reordered(
  candidates: readonly NamedScore[],
  probabilities: ReadonlyMap<string, number>,
  bar: number,
): NamedScore[] {
  const known = candidates.map((candidate): NamedScore => {
    const probability = probabilities.get(candidate.personId);
    return probability === undefined ? candidate : { ...candidate, probability };
  });
  const compared = known.filter(({ score }) => score >= bar);
  compared.sort((a, b) => (b.probability ?? -1) - (a.probability ?? -1));
  return [...compared, ...known.filter(({ score }) => score < bar)];
}
