import { Piscina } from 'piscina';
import { compiledFile } from '@facelane/threads';
import { SCORE_BINS, type ScoreCounts } from '@facelane/vision';
import type { FoundPairs, PairData, PairTasks, ProbeScores, RowRange, WantedPairs } from './pair.tasks.js';
import { TILE } from './tile-product.js';

/** Rows of one task: long enough that a thread is rarely idle between two, short enough to stop soon when aborted. */
const ROWS = 4 * TILE;

export interface PairScorerOptions {
  /** Worker threads. */
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** A face with its unit vector and the number of the person it is of, from 0. */
export interface KnownFace {
  readonly vector: Float32Array;
  readonly person: number;
}

/**
 * Compares very many faces with each other in worker threads: 12 million pairs of 512 numbers take a few seconds of a
 * core. Memory grows with the faces and with the pairs that are asked for by name, not with all pairs.
 */
export class PairScorer {
  readonly #pool: Piscina;
  readonly #data: PairData;

  private constructor(
    faces: readonly KnownFace[],
    private readonly options: PairScorerOptions,
  ) {
    this.#data = sharedData(faces);
    this.#pool = new Piscina({
      filename: compiledFile(import.meta.url, './pair.worker.js').href,
      workerData: this.#data,
      minThreads: options.threads,
      maxThreads: options.threads,
      atomics: 'disabled',
    });
    // A thread that dies without a task is replaced, and there is nobody to tell; unheard, the event would end the process.
    this.#pool.on('error', () => undefined);
  }

  /** Runs `work` with threads that know the faces, and ends them. */
  static async with<T>(
    faces: readonly KnownFace[],
    options: PairScorerOptions,
    work: (scorer: PairScorer) => Promise<T>,
  ): Promise<T> {
    const scorer = new PairScorer(faces, options);
    try {
      return await work(scorer);
    } finally {
      await scorer.#pool.destroy();
    }
  }

  /** How often each score occurs among all pairs. */
  async countAll(): Promise<ScoreCounts> {
    this.#data.genuine.fill(0);
    this.#data.impostor.fill(0);
    await this.#inParts('countPairs', { from: 0, to: this.#data.people.length });
    return { genuine: Uint32Array.from(this.#data.genuine), impostor: Uint32Array.from(this.#data.impostor) };
  }

  /** The pairs beyond the given scores, in parts whose order means nothing. */
  find(wanted: Omit<WantedPairs, keyof RowRange>): Promise<FoundPairs[]> {
    return this.#inParts('findPairs', { ...wanted, from: 0, to: this.#data.people.length });
  }

  /** Looks every face from number `gallery` on up among those before it, of which each is another person's. */
  async search(gallery: number): Promise<ProbeScores> {
    const parts = await this.#inParts('searchProbes', { gallery, from: gallery, to: this.#data.people.length });
    return {
      own: Float64Array.from(parts.flatMap(({ own }) => [...own])),
      top: Float64Array.from(parts.flatMap(({ top }) => [...top])),
      rank: Int32Array.from(parts.flatMap(({ rank }) => [...rank])),
    };
  }

  async #inParts<Name extends keyof PairTasks>(
    name: Name,
    input: PairTasks[Name]['input'],
  ): Promise<PairTasks[Name]['output'][]> {
    const { signal } = this.options;
    const parts: Promise<PairTasks[Name]['output']>[] = [];
    for (let { from } = input; from < input.to; from += ROWS) {
      const part = { ...input, from, to: Math.min(from + ROWS, input.to) };
      // The thread runs this room's own code, compiled with the same table of tasks.
      parts.push(this.#pool.run(part, { name, ...(signal && { signal }) }) as Promise<PairTasks[Name]['output']>);
    }
    try {
      return await Promise.all(parts);
    } catch (error) {
      // Those still under way end with the pool, and are heard here rather than nowhere.
      void Promise.allSettled(parts);
      signal?.throwIfAborted();
      throw error;
    }
  }
}

function sharedData(faces: readonly KnownFace[]): PairData {
  const dimension = faces[0]?.vector.length ?? 0;
  const shared = (numbers: number): SharedArrayBuffer => new SharedArrayBuffer(numbers * 4);
  const vectors = new Float32Array(shared(faces.length * dimension));
  for (const [at, { vector }] of faces.entries()) {
    if (vector.length !== dimension) {
      throw new RangeError(`Vectors of ${dimension} and ${vector.length} dimensions do not compare.`);
    }
    vectors.set(vector, at * dimension);
  }
  const people = new Int32Array(shared(faces.length));
  people.set(faces.map(({ person }) => person));
  const [genuine, impostor] = [new Uint32Array(shared(SCORE_BINS)), new Uint32Array(shared(SCORE_BINS))];
  return { vectors, dimension, people, genuine, impostor };
}
