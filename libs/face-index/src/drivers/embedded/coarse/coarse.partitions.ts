import type { DatabaseSync } from 'node:sqlite';
import { vectorOf } from '../embedded.rows.js';
import { Statements } from '../embedded.statements.js';
import { CoarseMatrix } from './coarse.matrix.js';
import type { CoarseOptions } from './coarse.options.js';

interface Held {
  /** State of the database that the rest was last seen in. */
  stamp: string;
  count: number;
  /** Queries since the partition was found large, or since its matrix had to make room. */
  asked: number;
  matrix: CoarseMatrix | undefined;
}

/** Rows read at a time: 2 MB of vectors. */
const PAGE = 1024;

/**
 * The matrices of large partitions, held in memory and brought up to date by reading what is new.
 *
 * What was written, by whichever process, is told from two facts that the schema keeps: a row number is never used
 * twice, and a row never changes its vector. So rows above the last one seen are new; and when there are fewer points
 * than rows held, some were deleted, and the row numbers alone say which. Runs within the transaction of the search
 * that asks, so both see one state of the file.
 */
export class CoarsePartitions {
  readonly #statements: Statements;
  readonly #options: CoarseOptions;
  /** The one used last comes last. */
  readonly #held = new Map<number, Held>();

  constructor(database: DatabaseSync, options: CoarseOptions) {
    this.#statements = new Statements(database);
    this.#options = options;
  }

  /** Bytes of all matrices. */
  get bytes(): number {
    return [...this.#held.values()].reduce((sum, { matrix }) => sum + (matrix?.bytes ?? 0), 0);
  }

  /** The partition's matrix as of now; absent when so many queries are better answered by the exact scan. */
  matrixOf(partition: number, dimension: number, queries: number): CoarseMatrix | undefined {
    if (this.#options.above === Infinity) return undefined;
    const held = this.#look(partition);
    const bytes = CoarseMatrix.bytesFor(dimension, held.count);
    if (held.count <= this.#options.above || bytes > this.#options.maxBytes) {
      held.matrix = undefined;
      return undefined;
    }
    held.asked += queries;
    if (held.matrix === undefined && held.asked <= this.#options.after) return undefined;
    held.matrix ??= new CoarseMatrix(dimension);
    this.#catchUp(partition, held.matrix, held.count);
    this.#makeRoom(held);
    return held.matrix;
  }

  #look(partition: number): Held {
    const row = this.#statements.get('SELECT data_version, total_changes() AS own FROM pragma_data_version');
    // The first counts commits of other connections, the second changes by this one.
    const stamp = `${Number(row?.['data_version'])} ${Number(row?.['own'])}`;
    const held = this.#held.get(partition) ?? { stamp: '', count: 0, asked: 0, matrix: undefined };
    if (held.stamp !== stamp) {
      const sql = 'SELECT count(*) AS n FROM points WHERE partition = ?';
      held.count = Number(this.#statements.get(sql, partition)?.['n']);
      held.stamp = stamp;
    }
    this.#held.delete(partition);
    this.#held.set(partition, held);
    return held;
  }

  #catchUp(partition: number, matrix: CoarseMatrix, count: number): void {
    const next = 'SELECT row, vector FROM points WHERE partition = ? AND row > ? ORDER BY row LIMIT ?';
    for (let read = PAGE; read === PAGE;) {
      const rows = this.#statements.all(next, partition, matrix.lastRow, PAGE);
      for (const row of rows) matrix.append(Number(row['row']), vectorOf(row));
      read = rows.length;
    }
    if (matrix.size > count) matrix.keepOnly(this.#rowsOf(partition));
  }

  /** As one text: 100 000 rows of one number take five times as long. */
  #rowsOf(partition: number): number[] {
    const sql = 'SELECT json_group_array(row) AS rows FROM (SELECT row FROM points WHERE partition = ? ORDER BY row)';
    return JSON.parse(this.#statements.get(sql, partition)?.['rows'] as string) as number[];
  }

  #makeRoom(user: Held): void {
    for (const held of this.#held.values()) {
      if (this.bytes <= this.#options.maxBytes) return;
      if (held === user || held.matrix === undefined) continue;
      held.matrix = undefined;
      held.asked = 0;
    }
  }
}
