import { fileURLToPath } from 'node:url';
import { StageError } from '@facelane/contracts';
import type { ResolvedComparer } from '@facelane/models';
import { compiledFile } from '@facelane/threads';
import { joinVectors } from '@facelane/vision';
import { WorkerPool } from '../pool/worker-pool.js';
import type { ComparerTasks } from './comparer.messages.js';

/** One thread: a comparer is a head of two vectors, thousands of pairs take a millisecond. */
const THREADS = 1;

/**
 * A contract's comparer in a thread of its own: how probably two vectors are of one person. Nothing here blocks the calling
 * thread, and no other network of the contract is needed.
 *
 * @example
 * const comparer = await VectorComparer.start(await resolveComparer(manifest, cacheDir, 'siamese'));
 * const [probability] = await comparer.probabilities(a, b);
 * await comparer.close();
 */
export class VectorComparer {
  /** Id of the contract whose vectors it compares. */
  readonly contract: string;
  /** Values per vector. */
  readonly dimension: number;
  readonly #pool: WorkerPool<ComparerTasks>;

  private constructor(private readonly resolved: ResolvedComparer) {
    const { contract, comparer } = resolved;
    this.contract = contract;
    this.dimension = comparer.dimension;
    this.#pool = new WorkerPool<ComparerTasks>({
      filename: fileURLToPath(compiledFile(import.meta.url, './comparer.worker.js')),
      threads: THREADS,
      workerData: { comparer },
    });
  }

  /** @throws StageError INFERENCE.MODEL_MISSING, MODEL_CORRUPT or SELF_TEST_FAILED. */
  static async start(resolved: ResolvedComparer): Promise<VectorComparer> {
    const comparer = new VectorComparer(resolved);
    try {
      await comparer.selfTest();
      return comparer;
    } catch (error) {
      await comparer.close();
      throw error;
    }
  }

  /**
   * One probability per pair, 0..1.
   *
   * @param first - pairs × dimension floats of unit length, as `InferenceEngine.embed` gives them
   * @throws RangeError when the two differ in length or hold no whole vectors; StageError of the network.
   */
  async probabilities(first: Float32Array, second: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
    const { dimension } = this;
    if (first.length !== second.length || first.length % dimension !== 0) {
      throw new RangeError(
        `Pairs are of whole vectors of ${dimension} values; found ${first.length} and ${second.length}.`,
      );
    }
    if (first.length === 0) return new Float32Array(0);
    const { probabilities } = await this.#pool.run('comparePairs', { first, second }, { signal });
    return probabilities;
  }

  /** Finishes what runs, frees the session and ends the thread. May be called twice. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** A network whose answers mean the opposite, or nothing, would turn every decision around without an error. */
  private async selfTest(): Promise<void> {
    const { dimension } = this;
    const one = new Float32Array(dimension).fill(1 / Math.sqrt(dimension));
    const opposite = one.map((value) => -value);
    const [same, different] = await this.probabilities(joinVectors([one, one]), joinVectors([one, opposite]));
    if (same! > different!) return;
    const { id } = this.resolved.comparer;
    throw new StageError(
      'INFERENCE.SELF_TEST_FAILED',
      `The comparer ${id} takes a vector and its opposite for one person (${different}) no less than a vector and itself (${same}).`,
      { safeDetails: { model: id } },
    );
  }
}
