import type { DatabaseSync } from 'node:sqlite';
import type { IndexContract, IndexedPoint, PointFilter, PointKind } from '../../face-index.port.js';
import { checkVector } from '../../input.check.js';
import { EmbeddedCatalog, type Partition } from './embedded.catalog.js';
import {
  type FoundPoints,
  packVectors,
  unpackVectors,
  type PackedVectors,
  type PageRequest,
  type PointPage,
} from './embedded.protocol.js';
import { bytesOf, OPTIONAL_COLUMNS, POINT_COLUMNS, toPoint, toWhere, vectorOf, type Where } from './embedded.rows.js';
import { Statements } from './embedded.statements.js';

/** Changes nothing when the id is there with another vector or in another partition: a row keeps both. */
const WRITE = `
  INSERT INTO points (row, contract, partition, id, ${OPTIONAL_COLUMNS.join(', ')}, vector)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (contract, id) DO UPDATE SET
    ${OPTIONAL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}
  WHERE partition = excluded.partition AND vector = excluded.vector`;

const DELETE = 'DELETE FROM points WHERE contract = ? AND id = ?';

/** The first of as many new row numbers; of those beside it that a process of an older layout took, too. */
const NUMBERS = `
  UPDATE sequence SET next = max(next, (SELECT coalesce(max(row), 0) + 1 FROM points)) + ?1
  RETURNING next - ?1 AS first`;

const find = (columns: string): string => `
  SELECT ${columns}, tenant, collection, kind FROM points JOIN partitions ON partitions.ref = points.partition
  WHERE points.contract = ? AND id = ?`;
const FIND = find(POINT_COLUMNS);
const FIND_WITH_VECTOR = find(`${POINT_COLUMNS}, vector`);

/**
 * The port's operations but search on an open database; each checks all it is given before it writes anything. Knows nothing of
 * threads or transactions.
 */
export class EmbeddedPoints {
  readonly #statements: Statements;
  readonly #catalog: EmbeddedCatalog;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
    this.#catalog = new EmbeddedCatalog(database);
  }

  ensureContract(contract: IndexContract): void {
    this.#catalog.ensureContract(contract);
  }

  upsert(contractId: string, points: readonly IndexedPoint[], packed: PackedVectors): void {
    const contract = this.#catalog.contract(contractId);
    const vectors = unpackVectors(packed);
    vectors.forEach((vector, at) => checkVector(vector, contract.dimension, `point ${points[at]!.id}`));
    const first = Number(this.#statements.get(NUMBERS, points.length)?.['first']);
    points.forEach((point, at) => {
      const optional = OPTIONAL_COLUMNS.map((column) => point[column] ?? null);
      const partition = this.#catalog.partitionFor(contract.ref, point);
      const values = [first + at, contract.ref, partition, point.id, ...optional, bytesOf(vectors[at]!)];
      if (this.#statements.run(WRITE, ...values) > 0) return;
      this.#statements.run(DELETE, contract.ref, point.id);
      this.#statements.run(WRITE, ...values);
    });
  }

  deleteWhere(contractId: string, filter: PointFilter): void {
    const { where } = this.#matching(contractId, filter);
    this.#statements.run(`DELETE FROM points WHERE ${where.sql}`, ...where.values);
  }

  deleteByIds(contractId: string, ids: readonly string[]): void {
    const { ref } = this.#catalog.contract(contractId);
    for (const id of ids) this.#statements.run(DELETE, ref, id);
  }

  page(contractId: string, filter: PointFilter, { after, limit, withVectors }: PageRequest): PointPage {
    const { where, partitions } = this.#matching(contractId, filter);
    const { partition, row, until } = after ?? { partition: 0, row: 0, until: this.#nextRow() };
    const rows = this.#statements.all(
      `SELECT row, ${POINT_COLUMNS}${withVectors ? ', vector' : ''} FROM points
       WHERE ${where.sql} AND (partition, row) > (?, ?) AND row < ? ORDER BY partition, row LIMIT ?`,
      ...[...where.values, partition, row, until, limit],
    );
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      points: rows.map((each) => toPoint(each, partitions)),
      vectors: packVectors(withVectors ? rows.map(vectorOf) : []),
      ...(last && { next: { partition: Number(last['partition']), row: Number(last['row']), until } }),
    };
  }

  find(contractId: string, ids: readonly string[], withVectors: boolean): FoundPoints {
    const { ref } = this.#catalog.contract(contractId);
    const sql = withVectors ? FIND_WITH_VECTOR : FIND;
    const rows = ids.map((id) => this.#statements.get(sql, ref, id)).filter((row) => row !== undefined);
    const points = rows.map((row) => {
      const { partition, tenant, collection, kind } = row;
      const names = { tenant: tenant as string, collection: collection as string, kind: kind as PointKind };
      return toPoint(row, [{ ref: Number(partition), ...names }]);
    });
    return { points, vectors: packVectors(withVectors ? rows.map(vectorOf) : []) };
  }

  count(contractId: string, filter: PointFilter): number {
    const { where } = this.#matching(contractId, filter);
    return Number(this.#statements.get(`SELECT count(*) AS n FROM points WHERE ${where.sql}`, ...where.values)?.['n']);
  }

  #nextRow(): number {
    return Number(this.#statements.get('SELECT next FROM sequence')?.['next']);
  }

  #matching(contractId: string, filter: PointFilter): { where: Where; partitions: readonly Partition[] } {
    const partitions = this.#catalog.partitionsOf(this.#catalog.contract(contractId).ref, filter);
    return { where: toWhere(partitions, filter), partitions };
  }
}
