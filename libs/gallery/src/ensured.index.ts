import { StageError } from '@facelane/contracts';
import { FaceIndex } from '@facelane/face-index';

/**
 * The index, made ready for the model contract of whatever is searched or written: a worker that runs no models learns
 * the contract from its first vectors, and an index that was wiped meanwhile is set up again.
 */
export class EnsuredIndex {
  private readonly ensured = new Map<string, Promise<void>>();

  constructor(private readonly index: FaceIndex) {}

  /** `vectors` are those that `work` hands to the index; there is at least one. */
  async with<T>(
    contract: string,
    vectors: readonly Float32Array[],
    work: (index: FaceIndex) => Promise<T>,
  ): Promise<T> {
    const dimension = vectors[0]!.length;
    await this.ensure(contract, dimension);
    try {
      return await work(this.index);
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.ensured.delete(contract);
      await this.ensure(contract, dimension);
      return work(this.index);
    }
  }

  /** For work that has no vectors to learn the contract from. Undefined when nothing of the contract was ever indexed. */
  async ifReady<T>(work: (index: FaceIndex) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(this.index);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private async ensure(contract: string, dimension: number): Promise<void> {
    const known = this.ensured.get(contract) ?? this.index.ensureContract({ id: contract, dimension });
    this.ensured.set(contract, known);
    try {
      await known;
    } catch (error) {
      this.ensured.delete(contract);
      throw error;
    }
  }
}

const isMissing = (error: unknown): boolean => error instanceof StageError && error.code === 'INDEX.CONTRACT_MISSING';
