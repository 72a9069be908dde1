import { StageError } from '@facelane/contracts';
import type { QdrantClient } from '@qdrant/js-client-rest';
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
  checkVector,
} from '../../input.check.js';
import { connect, type QdrantFaceIndexOptions } from './qdrant.connection.js';
import { QdrantContracts } from './qdrant.contracts.js';
import { toIndexError } from './qdrant.errors.js';
import { scoredSchema, toFacePoint, toFilter, toIndexedPoint, toPointStruct } from './qdrant.mapping.js';

export type { QdrantFaceIndexOptions } from './qdrant.connection.js';

/** A 512-d point is about 11 KB of JSON and Qdrant refuses bodies over 32 MB: 1000 points leave room for wider ones. */
const POINTS_PER_REQUEST = 1000;

/**
 * Face index on Qdrant: one Qdrant collection per model contract, tenants and collections as payload.
 *
 * Every write waits until it is applied, so what is acknowledged is found. Of points with exactly equal scores at
 * the limit of a search Qdrant chooses which are returned.
 */
export class QdrantFaceIndex extends FaceIndex {
  readonly #client: QdrantClient;
  readonly #contracts: QdrantContracts;
  readonly #inFlight = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: QdrantFaceIndexOptions) {
    super();
    this.#client = connect(options);
    this.#contracts = new QdrantContracts(this.#client);
  }

  override async ensureContract(contract: IndexContract): Promise<void> {
    checkContract(contract);
    await this.#run(contract.id, 'preparing the collection', () => this.#contracts.ensure(contract));
  }

  override async upsert(contractId: string, points: readonly FacePoint[]): Promise<void> {
    checkPoints(points);
    await this.#run(contractId, 'writing points', async (collection) => {
      const dimension = await this.#contracts.dimensionOf(contractId);
      for (const point of points) checkVector(point.vector, dimension, `point ${point.id}`);
      for (let start = 0; start < points.length; start += POINTS_PER_REQUEST) {
        const page = points.slice(start, start + POINTS_PER_REQUEST).map(toPointStruct);
        applied(await this.#client.upsert(collection, { wait: true, points: page }));
      }
    });
  }

  override async deleteWhere(contractId: string, filter: PointFilter): Promise<void> {
    checkFilter(filter);
    await this.#run(contractId, 'deleting points', async (collection) => {
      applied(await this.#client.delete(collection, { wait: true, filter: toFilter(filter) }));
    });
  }

  override async deleteByIds(contractId: string, ids: readonly string[]): Promise<void> {
    checkPointIds(ids);
    await this.#run(contractId, 'deleting points', async (collection) => {
      await this.#contracts.dimensionOf(contractId);
      if (ids.length > 0) applied(await this.#client.delete(collection, { wait: true, points: [...ids] }));
    });
  }

  override async search(
    contractId: string,
    queries: readonly Float32Array[],
    filter: PointFilter,
    limit: number,
  ): Promise<ScoredPoint[][]> {
    checkFilter(filter);
    checkLimit(limit, 'search limit');
    return this.#run(contractId, 'searching', async (collection) => {
      const dimension = await this.#contracts.dimensionOf(contractId);
      queries.forEach((query, index) => checkVector(query, dimension, `query ${index}`));
      if (queries.length === 0) return [];
      const shared = { filter: toFilter(filter), limit, with_payload: true };
      const searches = queries.map((query) => ({ ...shared, query: Array.from(query) }));
      const answers = await this.#client.queryBatch(collection, { searches });
      return answers.map((answer) => answer.points.map(toScoredPoint).sort(byScoreThenId));
    });
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
    checkFilter(filter);
    checkLimit(pageSize, 'page size');
    const request = { filter: toFilter(filter), limit: pageSize, with_payload: true, with_vector: withVectors };
    let offset: string | undefined;
    do {
      const from = offset === undefined ? request : { ...request, offset };
      const page = await this.#run(contractId, 'listing points', async (collection) => {
        const { points, next_page_offset: next } = await this.#client.scroll(collection, from);
        // Ids of points are UUIDs here, never numbers, so the next page's start is a string.
        return {
          points: points.map(withVectors ? toFacePoint : toIndexedPoint),
          next: next as string | null | undefined,
        };
      });
      yield* page.points;
      offset = page.next ?? undefined;
    } while (offset !== undefined);
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
    checkPointIds(ids);
    return this.#run(contractId, 'looking up points', async (collection) => {
      await this.#contracts.dimensionOf(contractId);
      const found = new Map<string, IndexedPoint>();
      for (let start = 0; start < ids.length; start += POINTS_PER_REQUEST) {
        const page = ids.slice(start, start + POINTS_PER_REQUEST);
        const records = await this.#client.retrieve(collection, {
          ids: page,
          with_payload: true,
          with_vector: withVectors,
        });
        // Qdrant promises no order.
        for (const point of records.map(withVectors ? toFacePoint : toIndexedPoint)) found.set(point.id, point);
      }
      return ids.flatMap((id) => found.get(id) ?? []);
    });
  }

  override async count(contractId: string, filter: PointFilter): Promise<number> {
    checkFilter(filter);
    return this.#run(contractId, 'counting points', async (collection) => {
      const { count } = await this.#client.count(collection, { filter: toFilter(filter), exact: true });
      return count;
    });
  }

  /** Qdrant's optimizer rewrites segments with deleted points by itself; there is no request for it. */
  override purge(): Promise<void> {
    return Promise.resolve();
  }

  override async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#inFlight);
  }

  async #run<T>(contractId: string, doing: string, request: (collection: string) => Promise<T>): Promise<T> {
    checkContractId(contractId);
    if (this.#closed) throw new StageError('INDEX.UNAVAILABLE', `The face index was closed before ${doing}.`);
    const collection = this.#contracts.collectionOf(contractId);
    const running = request(collection);
    this.#inFlight.add(running);
    try {
      return await running;
    } catch (error) {
      const failure = toIndexError(error, `${doing} in ${collection}`, contractId);
      if (failure.code === 'INDEX.CONTRACT_MISSING') this.#contracts.forget(contractId);
      throw failure;
    } finally {
      this.#inFlight.delete(running);
    }
  }
}

/** `wait: true` may still end in `wait_timeout` or, behind a cluster, `acknowledged`: not yet visible to searches. */
function applied(result: { readonly status: string }): void {
  if (result.status === 'completed') return;
  throw new StageError('INDEX.UNAVAILABLE', `Qdrant took a write but did not apply it in time (${result.status}).`);
}

function toScoredPoint(found: unknown): ScoredPoint {
  const { score } = scoredSchema.parse(found);
  return { point: toIndexedPoint(found), score: Math.min(1, Math.max(-1, score)) };
}

function byScoreThenId(a: ScoredPoint, b: ScoredPoint): number {
  return b.score - a.score || (a.point.id < b.point.id ? -1 : 1);
}
