import type { SQLInputValue } from 'node:sqlite';
import type { IndexedPoint, PointFilter } from '../../face-index.port.js';
import type { Partition } from './embedded.catalog.js';
import type { Row } from './embedded.statements.js';

export const OPTIONAL_COLUMNS = ['personId', 'assetId', 'faceIndex', 'decision', 'score'] as const;

/** All that a point without its vector is read from, with its partition. */
export const POINT_COLUMNS = ['partition', 'id', ...OPTIONAL_COLUMNS].join(', ');

/** The part of a filter that is one SQL text per shape, with the values that go with it. */
export interface Where {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** One partition is compared with `=`, so that its rows come out of the index already in order. */
export function toWhere(partitions: readonly Partition[], filter: PointFilter): Where {
  const of = partitions.length === 1 ? 'partition = ?' : `partition IN (${partitions.map(() => '?').join(', ')})`;
  const columns = (['personId', 'assetId', 'decision'] as const).flatMap((column) => {
    const value = filter[column];
    return value === undefined ? [] : [{ sql: ` AND ${column} = ?`, value }];
  });
  return {
    sql: of + columns.map((column) => column.sql).join(''),
    values: [...partitions.map(({ ref }) => ref), ...columns.map((column) => column.value)],
  };
}

/** The point of a row of one of these partitions. */
export function toPoint(row: Row, partitions: readonly Partition[]): IndexedPoint {
  const { tenant, collection, kind } = partitions.find(({ ref }) => ref === row['partition'])!;
  const given = OPTIONAL_COLUMNS.filter((column) => row[column] !== null).map((column) => [column, row[column]]);
  return { id: row['id'] as string, kind, tenant, collection, ...(Object.fromEntries(given) as Partial<IndexedPoint>) };
}

export function bytesOf(vector: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

export function vectorOf(row: Row): Float32Array {
  const bytes = row['vector'] as Uint8Array;
  // Copied: the blob may start at an address that a Float32Array cannot view.
  return new Float32Array(bytes.slice().buffer);
}
