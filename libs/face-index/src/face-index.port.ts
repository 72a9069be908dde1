import type { Decision } from '@facelane/contracts';

/** What two vectors must share to be comparable: made by the same chain of models, with the same length. */
export interface IndexContract {
  /** Matches /^[a-z0-9][a-z0-9.-]{0,62}$/: it becomes part of a Qdrant collection's name. */
  readonly id: string;
  /** Numbers per vector. A contract never changes it. */
  readonly dimension: number;
}

/** `person`: one reference face of an enrolled person. `face`: one face found in an asset. */
export type PointKind = 'person' | 'face';

/** A point without its vector: all that a search or a listing needs to say. */
export interface IndexedPoint {
  /** Lower-case UUID, unique within the contract: `facePointIdOf` or `referencePointIdOf` of the contracts. */
  readonly id: string;
  readonly kind: PointKind;
  readonly tenant: string;
  readonly collection: string;
  readonly personId?: string;
  readonly assetId?: string;
  /** Place of the face within its asset, from 0. */
  readonly faceIndex?: number;
  readonly decision?: Decision;
  /** Cosine with the person it was matched to, -1..1. */
  readonly score?: number;
}

export interface FacePoint extends IndexedPoint {
  /** Unit length (within 1e-3), as long as the contract's dimension. */
  readonly vector: Float32Array;
}

/** Tenant and collection are always required: no query crosses either. All given fields must match. */
export interface PointFilter {
  readonly tenant: string;
  readonly collection: string;
  readonly kind?: PointKind;
  readonly personId?: string;
  readonly assetId?: string;
  readonly decision?: Decision;
}

export interface ScoredPoint {
  readonly point: IndexedPoint;
  /** Cosine with the query, -1..1. */
  readonly score: number;
}

export interface ScrollOptions {
  /** Points fetched at a time. Default 256. */
  readonly pageSize?: number;
  /** Default false. */
  readonly withVectors?: boolean;
}

export interface FindOptions {
  /** Default false. */
  readonly withVectors?: boolean;
}

export const DEFAULT_PAGE_SIZE = 256;

/**
 * Where face vectors are searched. An abstract class, so that it is also the token to inject.
 *
 * Everything in it can be rebuilt from the object store. Any method but `ensureContract` and `close` fails with
 * `INDEX.CONTRACT_MISSING` for a contract that no process has ensured; `INDEX.INPUT_INVALID` means that nothing
 * was written.
 */
export abstract class FaceIndex {
  /** Makes the contract searchable; idempotent. Fails with `INDEX.CONTRACT_MISMATCH` for another dimension. */
  abstract ensureContract(contract: IndexContract): Promise<void>;

  /**
   * Writes points, replacing those of the same id; of two with one id in one call the later wins. Once it resolves
   * the points are found by searches and survive a killed process.
   */
  abstract upsert(contractId: string, points: readonly FacePoint[]): Promise<void>;

  abstract deleteWhere(contractId: string, filter: PointFilter): Promise<void>;

  /** Ids that are not there are no error. */
  abstract deleteByIds(contractId: string, ids: readonly string[]): Promise<void>;

  /**
   * The nearest points of each query: one list per query, at most `limit` long, best first, equal scores by id.
   * All faces of a photo belong in one call.
   */
  abstract search(
    contractId: string,
    queries: readonly Float32Array[],
    filter: PointFilter,
    limit: number,
  ): Promise<ScoredPoint[][]>;

  /**
   * Every matching point once, in no promised order, a page at a time. Points written meanwhile may or may not be
   * among them.
   */
  abstract scroll(
    contractId: string,
    filter: PointFilter,
    options: ScrollOptions & { readonly withVectors: true },
  ): AsyncIterable<FacePoint>;
  abstract scroll(contractId: string, filter: PointFilter, options?: ScrollOptions): AsyncIterable<IndexedPoint>;

  /**
   * The points with these ids, in the order of `ids`; ids that are not there are left out, one given twice is answered
   * twice. Ids cross tenants and collections: a caller who acts for one tenant checks whose each point is.
   */
  abstract find(
    contractId: string,
    ids: readonly string[],
    options: FindOptions & { readonly withVectors: true },
  ): Promise<FacePoint[]>;
  abstract find(contractId: string, ids: readonly string[], options?: FindOptions): Promise<IndexedPoint[]>;

  /** Exact. */
  abstract count(contractId: string, filter: PointFilter): Promise<number>;

  /**
   * Makes sure that what was deleted or replaced so far cannot be read from the driver's own files any more, so that an
   * erasure is one. Where a server keeps the files, it is the server's to do, and this does nothing.
   */
  abstract purge(): Promise<void>;

  /** Waits for what was asked before, then releases files, threads and sockets; idempotent. */
  abstract close(): Promise<void>;
}
