import { resolve } from 'node:path';
import { StageError } from '@facelane/contracts';
import {
  DEFAULT_PAGE_SIZE,
  FaceIndex,
  type FacePoint,
  type FindOptions,
  type IndexContract,
  type IndexedPoint,
  type PointFilter,
  type ScoredPoint,
  type ScrollOptions,
} from '../../face-index.port.js';
import {
  checkContract,
  checkContractId,
  checkFilter,
  checkLimit,
  checkPointIds,
  checkPoints,
} from '../../input.check.js';
import { DEFAULT_COARSE, type CoarseOptions } from './coarse/coarse.options.js';
import { EmbeddedClient } from './embedded.client.js';
import {
  packVectors,
  unpackVectors,
  type IndexAnswers,
  type IndexRequest,
  type PageCursor,
} from './embedded.protocol.js';

export interface EmbeddedFaceIndexOptions {
  /** The SQLite file. It and its folder are made when missing; two more files, -wal and -shm, lie beside it. */
  readonly file: string;
  /** How long a write waits for another process's, in milliseconds. Default 10 000. */
  readonly busyTimeoutMs?: number;
  /** Hears, once per collection, that it has outgrown this index. Default: nobody. */
  readonly onAdvice?: (message: string) => void;
  /** Points per collection above which that advice is given. Default 250 000. */
  readonly adviseAbove?: number;
  /** When a search compares 8-bit copies in memory first; results are the same. Defaults: see CoarseOptions. */
  readonly coarse?: Partial<CoarseOptions>;
}

const DEFAULT_BUSY_TIMEOUT_MS = 10_000;
/** Two such collections still fit the memory for copies; each takes a process some 3 s to copy. */
const DEFAULT_ADVISE_ABOVE = 250_000;

/**
 * Face index in one SQLite file, with exact results: no server, any number of processes of one machine. Small
 * collections are scanned with sqlite-vec; of large ones a coarse pass in memory first leaves out what cannot be near.
 *
 * The database lives in a thread of its own, so no caller's event loop waits for the disk.
 */
export class EmbeddedFaceIndex extends FaceIndex {
  readonly #client: EmbeddedClient;
  readonly #file: string;
  #closing: Promise<void> | undefined;

  constructor(options: EmbeddedFaceIndexOptions) {
    super();
    this.#file = resolve(options.file);
    const { busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, adviseAbove = DEFAULT_ADVISE_ABOVE } = options;
    const coarse = { ...DEFAULT_COARSE, ...options.coarse };
    this.#client = new EmbeddedClient({ file: this.#file, busyTimeoutMs, adviseAbove, coarse }, (advice) =>
      options.onAdvice?.(advice),
    );
  }

  override async ensureContract(contract: IndexContract): Promise<void> {
    checkContract(contract);
    // Whoever knows a contract knows more of it than fits through to a thread.
    const { id, dimension } = contract;
    await this.#ask({ op: 'ensureContract', contract: { id, dimension } });
  }

  override async upsert(contractId: string, points: readonly FacePoint[]): Promise<void> {
    checkContractId(contractId);
    checkPoints(points);
    const loose: Float32Array[] = [];
    const bare = points.map(({ vector, ...point }) => {
      loose.push(vector);
      return point;
    });
    const vectors = packVectors(loose);
    await this.#ask({ op: 'upsert', contractId, points: bare, vectors }, [vectors.values.buffer]);
  }

  override async deleteWhere(contractId: string, filter: PointFilter): Promise<void> {
    checkContractId(contractId);
    checkFilter(filter);
    await this.#ask({ op: 'deleteWhere', contractId, filter });
  }

  override async deleteByIds(contractId: string, ids: readonly string[]): Promise<void> {
    checkContractId(contractId);
    checkPointIds(ids);
    await this.#ask({ op: 'deleteByIds', contractId, ids });
  }

  override async search(
    contractId: string,
    queries: readonly Float32Array[],
    filter: PointFilter,
    limit: number,
  ): Promise<ScoredPoint[][]> {
    checkContractId(contractId);
    checkFilter(filter);
    checkLimit(limit, 'search limit');
    const packed = packVectors(queries);
    return this.#ask({ op: 'search', contractId, queries: packed, filter, limit }, [packed.values.buffer]);
  }

  override scroll(
    contractId: string,
    filter: PointFilter,
    options: ScrollOptions & { readonly withVectors: true },
  ): AsyncIterable<FacePoint>;
  override scroll(contractId: string, filter: PointFilter, options?: ScrollOptions): AsyncIterable<IndexedPoint>;
  override async *scroll(
    contractId: string,
    filter: PointFilter,
    options: ScrollOptions = {},
  ): AsyncIterable<FacePoint | IndexedPoint> {
    const { pageSize = DEFAULT_PAGE_SIZE, withVectors = false } = options;
    checkContractId(contractId);
    checkFilter(filter);
    checkLimit(pageSize, 'page size');
    let after: PageCursor | undefined;
    do {
      const request = { op: 'page' as const, contractId, filter, after, limit: pageSize, withVectors };
      const page: IndexAnswers['page'] = await this.#ask(request);
      yield* withVectors ? withCopies(page.points, unpackVectors(page.vectors)) : page.points;
      after = page.next;
    } while (after !== undefined);
  }

  override find(
    contractId: string,
    ids: readonly string[],
    options: FindOptions & { readonly withVectors: true },
  ): Promise<FacePoint[]>;
  override find(contractId: string, ids: readonly string[], options?: FindOptions): Promise<IndexedPoint[]>;
  override async find(
    contractId: string,
    ids: readonly string[],
    { withVectors = false }: FindOptions = {},
  ): Promise<IndexedPoint[]> {
    checkContractId(contractId);
    checkPointIds(ids);
    const { points, vectors } = await this.#ask({ op: 'find', contractId, ids, withVectors });
    return withVectors ? withCopies(points, unpackVectors(vectors)) : [...points];
  }

  override async count(contractId: string, filter: PointFilter): Promise<number> {
    checkContractId(contractId);
    checkFilter(filter);
    return this.#ask({ op: 'count', contractId, filter });
  }

  /** @throws StageError INDEX.LOCKED when another process kept reading for longer than the busy timeout. */
  override async purge(): Promise<void> {
    if (this.#client.started) await this.#ask({ op: 'purge' });
  }

  override async close(): Promise<void> {
    this.#closing ??= this.#client.started ? this.#client.ask({ op: 'close' }) : Promise.resolve();
    await this.#closing;
  }

  async #ask<R extends IndexRequest>(request: R, transfer: ArrayBuffer[] = []): Promise<IndexAnswers[R['op']]> {
    if (this.#closing !== undefined) {
      throw new StageError('INDEX.UNAVAILABLE', `The face index ${this.#file} was closed before ${request.op}.`);
    }
    return this.#client.ask(request, transfer);
  }
}

/** Copies, so that one kept vector does not keep those of all that came with it. */
const withCopies = (points: readonly IndexedPoint[], vectors: readonly Float32Array[]): FacePoint[] =>
  points.map((point, at) => ({ ...point, vector: vectors[at]!.slice() }));
