import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { StageError } from '@facelane/contracts';
import type { IndexContract, IndexedPoint, PointFilter, PointKind, ScoredPoint } from '../../face-index.port.js';
import { checkVector } from '../../input.check.js';
import {
  packVectors,
  unpackVectors,
  type PackedVectors,
  type PageRequest,
  type PointPage,
} from './embedded.protocol.js';
import { Statements, type Row } from './embedded.statements.js';

interface ContractRow {
  readonly ref: number;
  readonly dimension: number;
}

/** The part of a filter that is one SQL text per shape, with the values that go with it. */
interface Where {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

const OPTIONAL_COLUMNS = ['personId', 'assetId', 'faceIndex', 'decision', 'score'] as const;
const COLUMNS = ['id', ...OPTIONAL_COLUMNS].join(', ');

const UPSERT = `
  INSERT INTO points (contract, partition, id, ${OPTIONAL_COLUMNS.join(', ')}, vector)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (contract, id) DO UPDATE SET partition = excluded.partition, vector = excluded.vector,
    ${OPTIONAL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

/**
 * The port's operations on an open database; each checks all it is given before it writes anything. Knows nothing of threads or
 * transactions. Contracts and partitions are read anew every time: another process may have just made them.
 */
export class EmbeddedPoints {
  readonly #statements: Statements;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
  }

  ensureContract({ id, dimension }: IndexContract): void {
    this.#statements.run('INSERT INTO contracts (id, dimension) VALUES (?, ?) ON CONFLICT DO NOTHING', id, dimension);
    const known = this.#contract(id);
    if (known.dimension === dimension) return;
    throw new StageError(
      'INDEX.CONTRACT_MISMATCH',
      `Model contract ${id} is indexed with ${known.dimension} numbers per vector, not ${dimension}.`,
    );
  }

  upsert(contractId: string, points: readonly IndexedPoint[], packed: PackedVectors): void {
    const contract = this.#contract(contractId);
    const vectors = unpackVectors(packed);
    vectors.forEach((vector, at) => checkVector(vector, contract.dimension, `point ${points[at]!.id}`));
    points.forEach((point, at) => {
      const optional = OPTIONAL_COLUMNS.map((column) => point[column] ?? null);
      const partition = this.#partition(contract.ref, point);
      this.#statements.run(UPSERT, contract.ref, partition, point.id, ...optional, bytesOf(vectors[at]!));
    });
  }

  deleteWhere(contractId: string, filter: PointFilter): void {
    const where = this.#where(contractId, filter);
    this.#statements.run(`DELETE FROM points WHERE ${where.sql}`, ...where.values);
  }

  deleteByIds(contractId: string, ids: readonly string[]): void {
    const { ref } = this.#contract(contractId);
    for (const id of ids) this.#statements.run('DELETE FROM points WHERE contract = ? AND id = ?', ref, id);
  }

  search(contractId: string, packed: PackedVectors, filter: PointFilter, limit: number): ScoredPoint[][] {
    const { dimension } = this.#contract(contractId);
    const queries = unpackVectors(packed);
    queries.forEach((query, at) => checkVector(query, dimension, `query ${at}`));
    const where = this.#where(contractId, filter);
    const kinds = this.#kinds();
    const sql = `SELECT partition, ${COLUMNS}, vec_distance_cosine(vector, ?) AS distance FROM points
      WHERE ${where.sql} ORDER BY distance, id LIMIT ?`;
    return queries.map((query) =>
      this.#statements.all(sql, bytesOf(query), ...where.values, limit).map((row) => ({
        point: toPoint(row, filter, kinds),
        score: Math.min(1, Math.max(-1, 1 - Number(row['distance']))),
      })),
    );
  }

  page(contractId: string, filter: PointFilter, { after, limit, withVectors }: PageRequest): PointPage {
    const where = this.#where(contractId, filter);
    const kinds = this.#kinds();
    const { partition, row } = after ?? { partition: 0, row: 0 };
    const rows = this.#statements.all(
      `SELECT partition, row, ${COLUMNS}${withVectors ? ', vector' : ''} FROM points
       WHERE ${where.sql} AND (partition, row) > (?, ?) ORDER BY partition, row LIMIT ?`,
      ...[...where.values, partition, row, limit],
    );
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      points: rows.map((each) => toPoint(each, filter, kinds)),
      vectors: packVectors(withVectors ? rows.map(vectorOf) : []),
      ...(last && { next: { partition: Number(last['partition']), row: Number(last['row']) } }),
    };
  }

  count(contractId: string, filter: PointFilter): number {
    const where = this.#where(contractId, filter);
    return Number(this.#statements.get(`SELECT count(*) AS n FROM points WHERE ${where.sql}`, ...where.values)?.['n']);
  }

  #contract(id: string): ContractRow {
    const row = this.#statements.get('SELECT ref, dimension FROM contracts WHERE id = ?', id);
    if (row === undefined) {
      throw new StageError('INDEX.CONTRACT_MISSING', `The index has no vectors of model contract ${id}.`);
    }
    return { ref: Number(row['ref']), dimension: Number(row['dimension']) };
  }

  #partition(contract: number, { tenant, collection, kind }: IndexedPoint): number {
    const select = 'SELECT ref FROM partitions WHERE contract = ? AND tenant = ? AND collection = ? AND kind = ?';
    const known = this.#statements.get(select, contract, tenant, collection, kind);
    if (known !== undefined) return Number(known['ref']);
    const insert = 'INSERT INTO partitions (contract, tenant, collection, kind) VALUES (?, ?, ?, ?) RETURNING ref';
    return Number(this.#statements.get(insert, contract, tenant, collection, kind)?.['ref']);
  }

  /** Kinds of all partitions: a handful of rows. */
  #kinds(): ReadonlyMap<number, PointKind> {
    const rows = this.#statements.all('SELECT ref, kind FROM partitions');
    return new Map(rows.map((row) => [Number(row['ref']), row['kind'] as PointKind]));
  }

  /** One partition is compared with `=`, so that its rows come out of the index already in order. */
  #where(contractId: string, filter: PointFilter): Where {
    const kind = filter.kind === undefined ? {} : { kind: filter.kind };
    const named = {
      contract: this.#contract(contractId).ref,
      tenant: filter.tenant,
      collection: filter.collection,
      ...kind,
    };
    const tests = Object.keys(named).map((column) => `${column} = ?`);
    const partitions = this.#statements
      .all(`SELECT ref FROM partitions WHERE ${tests.join(' AND ')}`, ...Object.values(named))
      .map((row) => Number(row['ref']));
    const of = partitions.length === 1 ? 'partition = ?' : `partition IN (${partitions.map(() => '?').join(', ')})`;
    const columns = (['personId', 'assetId', 'decision'] as const).flatMap((column) => {
      const value = filter[column];
      return value === undefined ? [] : [{ sql: ` AND ${column} = ?`, value }];
    });
    return {
      sql: of + columns.map((column) => column.sql).join(''),
      values: [...partitions, ...columns.map((column) => column.value)],
    };
  }
}

function bytesOf(vector: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

function vectorOf(row: Row): Float32Array {
  const bytes = row['vector'] as Uint8Array;
  // Copied: the blob may start at an address that a Float32Array cannot view.
  return new Float32Array(bytes.slice().buffer);
}

/** Tenant and collection are the filter's own: no query crosses either. */
function toPoint(row: Row, { tenant, collection }: PointFilter, kinds: ReadonlyMap<number, PointKind>): IndexedPoint {
  const given = OPTIONAL_COLUMNS.filter((column) => row[column] !== null).map((column) => [column, row[column]]);
  const kind = kinds.get(Number(row['partition']))!;
  return { id: row['id'] as string, kind, tenant, collection, ...(Object.fromEntries(given) as Partial<IndexedPoint>) };
}
