import type { DatabaseSync } from 'node:sqlite';
import type { PointFilter, ScoredPoint } from '../../face-index.port.js';
import { checkVector } from '../../input.check.js';
import type { CoarseOptions } from './coarse/coarse.options.js';
import { CoarsePartitions } from './coarse/coarse.partitions.js';
import { EmbeddedCatalog, type Partition } from './embedded.catalog.js';
import { unpackVectors, type PackedVectors } from './embedded.protocol.js';
import { bytesOf, POINT_COLUMNS, toPoint, toWhere } from './embedded.rows.js';
import { Statements, type Row } from './embedded.statements.js';

type Vector = Float32Array<ArrayBuffer>;

const RANKED = `SELECT ${POINT_COLUMNS}, vec_distance_cosine(vector, ?) AS distance FROM points`;
const BEST_FIRST = 'ORDER BY distance, id LIMIT ?';

/** A row fetched by its number costs about four rows of a scan, so with more candidates than that the scan is quicker. */
const MOST_CANDIDATES = 1 / 4;
/** Rows that take no time to speak of (4 ms), whatever their share. */
const FEW_CANDIDATES = 1000;

/**
 * The nearest points, exactly: a scan of the partition, or of a large one the few rows that its matrix leaves. Each
 * search runs in one transaction, so that it sees one state of the file.
 */
export class EmbeddedSearch {
  readonly #statements: Statements;
  readonly #catalog: EmbeddedCatalog;
  readonly #coarse: CoarsePartitions;

  constructor(database: DatabaseSync, coarse: CoarseOptions) {
    this.#statements = new Statements(database);
    this.#catalog = new EmbeddedCatalog(database);
    this.#coarse = new CoarsePartitions(database, coarse);
  }

  /** Memory of the 8-bit copies, in bytes. */
  get coarseBytes(): number {
    return this.#coarse.bytes;
  }

  nearest(contractId: string, packed: PackedVectors, filter: PointFilter, limit: number): ScoredPoint[][] {
    const { ref, dimension } = this.#catalog.contract(contractId);
    const queries = unpackVectors(packed);
    queries.forEach((query, at) => checkVector(query, dimension, `query ${at}`));
    if (queries.length === 0) return [];
    const partitions = this.#catalog.partitionsOf(ref, filter);
    const lists = partitions.map((partition) => this.#ofPartition(partition, queries, filter, limit));
    return queries.map((_, at) =>
      lists
        .flatMap((ofQueries) => ofQueries[at]!)
        .sort(byDistanceThenId)
        .slice(0, limit)
        .map((row) => toScored(row, partitions)),
    );
  }

  /** Per query the rows of its nearest points in one partition. */
  #ofPartition(partition: Partition, queries: readonly Vector[], filter: PointFilter, limit: number): Row[][] {
    const where = toWhere([partition], filter);
    const scan = (query: Vector): Row[] =>
      this.#statements.all(`${RANKED} WHERE ${where.sql} ${BEST_FIRST}`, bytesOf(query), ...where.values, limit);
    // A person's or an asset's rows are few and found by their own index; which rows have a decision is not in the matrix.
    const narrowed = [filter.personId, filter.assetId, filter.decision].some((value) => value !== undefined);
    const matrix = narrowed ? undefined : this.#coarse.matrixOf(partition.ref, queries[0]!.length, queries.length);
    if (matrix === undefined) return queries.map(scan);
    const most = Math.max(FEW_CANDIDATES, matrix.size * MOST_CANDIDATES);
    return matrix
      .candidates(queries, limit)
      .map((rows, at) => (rows.length > most ? scan(queries[at]!) : this.#rank(rows, queries[at]!, limit)));
  }

  #rank(rows: readonly number[], query: Vector, limit: number): Row[] {
    const sql = `${RANKED} WHERE row IN (SELECT value FROM json_each(?)) ${BEST_FIRST}`;
    return this.#statements.all(sql, bytesOf(query), JSON.stringify(rows), limit);
  }
}

function byDistanceThenId(a: Row, b: Row): number {
  return Number(a['distance']) - Number(b['distance']) || (String(a['id']) < String(b['id']) ? -1 : 1);
}

function toScored(row: Row, partitions: readonly Partition[]): ScoredPoint {
  return { point: toPoint(row, partitions), score: Math.min(1, Math.max(-1, 1 - Number(row['distance']))) };
}
