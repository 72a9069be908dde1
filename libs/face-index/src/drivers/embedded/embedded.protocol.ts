import type { ErrorCode } from '@facelane/contracts';
import type { CoarseOptions } from './coarse/coarse.options.js';
import type { IndexContract, IndexedPoint, PointFilter, ScoredPoint } from '../../face-index.port.js';

/** What the caller's thread asks of the thread that holds the database. Vectors travel packed in one transferred buffer. */
export type IndexRequest =
  | { readonly op: 'ensureContract'; readonly contract: IndexContract }
  | {
      readonly op: 'upsert';
      readonly contractId: string;
      readonly points: readonly IndexedPoint[];
      readonly vectors: PackedVectors;
    }
  | { readonly op: 'deleteWhere'; readonly contractId: string; readonly filter: PointFilter }
  | { readonly op: 'deleteByIds'; readonly contractId: string; readonly ids: readonly string[] }
  | {
      readonly op: 'search';
      readonly contractId: string;
      readonly queries: PackedVectors;
      readonly filter: PointFilter;
      readonly limit: number;
    }
  | {
      readonly op: 'find';
      readonly contractId: string;
      readonly ids: readonly string[];
      readonly withVectors: boolean;
    }
  | ({ readonly op: 'page'; readonly contractId: string; readonly filter: PointFilter } & PageRequest)
  | { readonly op: 'count'; readonly contractId: string; readonly filter: PointFilter }
  | { readonly op: 'purge' }
  | { readonly op: 'close' };

export type IndexWrite = Extract<IndexRequest, { op: 'ensureContract' | 'upsert' | 'deleteWhere' | 'deleteByIds' }>;

/** What each request is answered with. */
export interface IndexAnswers {
  readonly ensureContract: undefined;
  readonly upsert: undefined;
  readonly deleteWhere: undefined;
  readonly deleteByIds: undefined;
  readonly search: ScoredPoint[][];
  readonly find: FoundPoints;
  readonly page: PointPage;
  readonly count: number;
  readonly purge: undefined;
  readonly close: undefined;
}

export interface PackedVectors {
  /** Length of each vector in turn: the database's thread checks them, since it knows the contract's dimension. */
  readonly lengths: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** Where the next page starts: after this row of this partition. */
export interface PageCursor {
  readonly partition: number;
  readonly row: number;
  /** Rows from here on were written after the first page: a caller who rewrites what he reads would never see the end. */
  readonly until: number;
}

export interface PageRequest {
  readonly after: PageCursor | undefined;
  readonly limit: number;
  readonly withVectors: boolean;
}

export interface FoundPoints {
  readonly points: readonly IndexedPoint[];
  /** Empty unless asked for. */
  readonly vectors: PackedVectors;
}

export interface PointPage extends FoundPoints {
  /** Absent after the last page. */
  readonly next?: PageCursor;
}

/** A StageError or UsageError on its way between threads, which keep no classes. */
export type WireError =
  | { readonly type: 'stage'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'usage'; readonly message: string; readonly remedy: string };

export interface RequestMessage {
  readonly id: number;
  readonly request: IndexRequest;
}

export type ReplyMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly advice: string };

export interface EmbeddedWorkerData {
  readonly file: string;
  readonly busyTimeoutMs: number;
  readonly adviseAbove: number;
  readonly coarse: CoarseOptions;
}

export function packVectors(vectors: readonly Float32Array[]): PackedVectors {
  const lengths = vectors.map((vector) => vector.length);
  const values = new Float32Array(lengths.reduce((sum, length) => sum + length, 0));
  let start = 0;
  for (const vector of vectors) {
    values.set(vector, start);
    start += vector.length;
  }
  return { lengths, values };
}

/** Views into the packed buffer, not copies. */
export function unpackVectors({ lengths, values }: PackedVectors): Float32Array<ArrayBuffer>[] {
  let start = 0;
  return lengths.map((length) => values.subarray(start, (start += length)));
}
