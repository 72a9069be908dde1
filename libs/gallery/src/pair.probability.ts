import type { EnsuredIndex } from './ensured.index.js';
import type { PairComparer } from './pair-comparer.port.js';

/** What the contract's comparer says of one pair, 1:1. Undefined where the contract has none. */
export class PairProbability {
  constructor(
    private readonly index: EnsuredIndex,
    private readonly comparer?: PairComparer,
  ) {}

  /** That two faces are of one person, 0..1. */
  async between(contract: string, first: Float32Array, second: Float32Array): Promise<number | undefined> {
    if (this.comparer?.contract !== contract) return undefined;
    return (await this.comparer.probabilities(first, second))[0];
  }

  /** That a face and a reference in the index are of one person, 0..1; undefined also when the reference is gone. */
  async withReference(contract: string, vector: Float32Array, referenceId: string): Promise<number | undefined> {
    if (this.comparer?.contract !== contract) return undefined;
    const [reference] = await this.index.with(contract, [vector], (index) =>
      index.find(contract, [referenceId], { withVectors: true }),
    );
    return reference && this.between(contract, vector, reference.vector);
  }
}
