import type { DatabaseSync } from 'node:sqlite';
import { StageError } from '@facelane/contracts';
import type { IndexContract, IndexedPoint, PointFilter, PointKind } from '../../face-index.port.js';
import { Statements } from './embedded.statements.js';

export interface ContractRow {
  readonly ref: number;
  readonly dimension: number;
}

/** What the points of one partition share. */
export interface Partition {
  readonly ref: number;
  readonly tenant: string;
  readonly collection: string;
  readonly kind: PointKind;
}

/** The contracts and partitions of an open database, read anew every time: another process may have just made them. */
export class EmbeddedCatalog {
  readonly #statements: Statements;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
  }

  ensureContract({ id, dimension }: IndexContract): void {
    this.#statements.run('INSERT INTO contracts (id, dimension) VALUES (?, ?) ON CONFLICT DO NOTHING', id, dimension);
    const known = this.contract(id);
    if (known.dimension === dimension) return;
    throw new StageError(
      'INDEX.CONTRACT_MISMATCH',
      `Model contract ${id} is indexed with ${known.dimension} numbers per vector, not ${dimension}.`,
    );
  }

  contract(id: string): ContractRow {
    const row = this.#statements.get('SELECT ref, dimension FROM contracts WHERE id = ?', id);
    if (row === undefined) {
      throw new StageError('INDEX.CONTRACT_MISSING', `The index has no vectors of model contract ${id}.`);
    }
    return { ref: Number(row['ref']), dimension: Number(row['dimension']) };
  }

  /** The partition that a point goes to, made when it is the first one there. */
  partitionFor(contract: number, { tenant, collection, kind }: IndexedPoint): number {
    const select = 'SELECT ref FROM partitions WHERE contract = ? AND tenant = ? AND collection = ? AND kind = ?';
    const known = this.#statements.get(select, contract, tenant, collection, kind);
    if (known !== undefined) return Number(known['ref']);
    const insert = 'INSERT INTO partitions (contract, tenant, collection, kind) VALUES (?, ?, ?, ?) RETURNING ref';
    return Number(this.#statements.get(insert, contract, tenant, collection, kind)?.['ref']);
  }

  /** One of each kind at most, since a filter names tenant and collection; none before the first point. */
  partitionsOf(contract: number, { tenant, collection, kind }: PointFilter): Partition[] {
    const select = 'SELECT ref, kind FROM partitions WHERE contract = ? AND tenant = ? AND collection = ?';
    return this.#statements
      .all(select, contract, tenant, collection)
      .map((row) => ({ ref: Number(row['ref']), tenant, collection, kind: row['kind'] as PointKind }))
      .filter((partition) => kind === undefined || partition.kind === kind);
  }
}
