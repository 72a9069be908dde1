import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FacePoint, PointFilter, ScoredPoint } from '../../face-index.port.js';
import { identities, randomUnit, seededRandom } from '../../testing/identities.js';
import { DEFAULT_COARSE, type CoarseOptions } from './coarse/coarse.options.js';
import { openDatabase, snapshot, transaction } from './embedded.database.js';
import { EmbeddedPoints } from './embedded.points.js';
import { packVectors } from './embedded.protocol.js';
import { EmbeddedSearch } from './embedded.search.js';

const contract = { id: 'search', dimension: 512 };
const scope = { tenant: 't', collection: 'main' };
type Unit = Float32Array<ArrayBuffer>;

/** A connection of its own to the file: to the others it is another process. */
class Connection {
  readonly points: EmbeddedPoints;
  readonly exact: EmbeddedSearch;

  constructor(readonly database: DatabaseSync) {
    this.points = new EmbeddedPoints(database);
    this.exact = new EmbeddedSearch(database, { ...DEFAULT_COARSE, above: Infinity });
    transaction(database, () => this.points.ensureContract(contract));
  }

  coarse(options: Partial<CoarseOptions> = {}): EmbeddedSearch {
    return new EmbeddedSearch(this.database, { ...DEFAULT_COARSE, above: 500, after: 0, ...options });
  }

  write(points: readonly FacePoint[]): void {
    const vectors = packVectors(points.map(({ vector }) => vector));
    transaction(this.database, () => this.points.upsert(contract.id, points, vectors));
  }

  delete(points: readonly FacePoint[]): void {
    const ids = points.map(({ id }) => id);
    transaction(this.database, () => this.points.deleteByIds(contract.id, ids));
  }

  nearest(
    search: EmbeddedSearch,
    queries: readonly Unit[],
    limit: number,
    filter: PointFilter = scope,
  ): ScoredPoint[][] {
    return snapshot(this.database, () => search.nearest(contract.id, packVectors(queries), filter, limit));
  }

  /** The coarse pass must change nothing: neither points, nor scores, nor their order. */
  expectSame(search: EmbeddedSearch, queries: readonly Unit[], filter: PointFilter = scope): void {
    for (const limit of [1, 10, 50]) {
      const expected = this.nearest(this.exact, queries, limit, filter);
      expect(this.nearest(search, queries, limit, filter)).toStrictEqual(expected);
      expect(expected.every((list) => list.length === limit)).toBe(true);
    }
  }
}

describe('EmbeddedSearch with a coarse pass', () => {
  let folder: string;
  let random: () => number;
  const opened: Connection[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'facelane-index-'));
    random = seededRandom(42);
  });
  afterEach(() => {
    for (const { database } of opened.splice(0)) database.close();
    rmSync(folder, { recursive: true });
  });

  function open(): Connection {
    const connection = new Connection(openDatabase({ file: join(folder, 'faces.db'), busyTimeoutMs: 1000 }));
    opened.push(connection);
    return connection;
  }

  function take(count: number, fields: Partial<FacePoint> = {}): (FacePoint & { readonly vector: Unit })[] {
    const vectors = identities(512, 8, random);
    return Array.from({ length: count }, () => {
      const vector = vectors.next().value as Unit;
      return { id: randomUUID(), kind: 'face', ...scope, ...fields, vector };
    });
  }

  /** Other photos of people in the index, strangers, and a face of the index itself. */
  function queriesNear(points: readonly { readonly vector: Unit }[]): Unit[] {
    const known = points.slice(0, 12).map(({ vector }) => near(vector, randomUnit(512, random)));
    return [...known, ...Array.from({ length: 4 }, () => randomUnit(512, random)), points[0]!.vector];
  }

  it('finds what the exact scan finds, among people and among vectors without any order', () => {
    const connection = open();
    const people = take(2000);
    const chaos = take(2000, { collection: 'chaos' }).map((point) => ({ ...point, vector: randomUnit(512, random) }));
    connection.write([...people, ...chaos]);
    for (const points of [people, chaos]) {
      const search = connection.coarse();
      connection.expectSame(search, queriesNear(points), { ...scope, collection: points[0]!.collection });
      expect(search.coarseBytes).toBeGreaterThan(2000 * 512);
    }
  });

  it('keeps to every filter, and joins what the kinds of points found', () => {
    const connection = open();
    const points = [
      ...take(900, { decision: 'match', personId: 'p' }),
      ...take(900, { decision: 'none', assetId: 'a' }),
      ...take(700, { kind: 'person' }),
      // Too few for a coarse pass: an exact list is joined with two others.
      ...take(100, { kind: 'person', collection: 'small' }),
    ];
    connection.write([...points, ...take(600, { collection: 'small' })]);
    const search = connection.coarse();
    const queries = queriesNear(points);
    for (const filter of [
      { kind: 'face' },
      { kind: 'person' },
      { decision: 'match' },
      { personId: 'p' },
      { assetId: 'a', kind: 'face' },
      { collection: 'small' },
    ] as const) {
      connection.expectSame(search, queries, { ...scope, ...filter });
    }
    expect(connection.nearest(search, queries, 5, { ...scope, tenant: 'nobody' })).toEqual(queries.map(() => []));
  });

  it('orders equal scores by id, and stays exact in a crowd of equals', () => {
    const connection = open();
    const [one, other] = take(2);
    const crowd = take(3000).map((point) => ({ ...point, vector: one!.vector }));
    connection.write([...crowd, other!]);
    connection.expectSame(connection.coarse(), [one!.vector, other!.vector, randomUnit(512, random)]);
  });

  it('follows its own writes and those of another process', () => {
    const [mine, theirs] = [open(), open()];
    const points = take(1500);
    mine.write(points);
    const search = mine.coarse();
    const queries = queriesNear(points);
    mine.expectSame(search, queries);
    for (const writer of [theirs, mine]) {
      const gone = points.splice(3, 1);
      writer.delete(gone);
      mine.expectSame(search, [gone[0]!.vector, ...queries]);
      const fresh = take(50);
      writer.write(fresh);
      expect(mine.nearest(search, [fresh[7]!.vector], 1)[0]![0]!.point.id).toBe(fresh[7]!.id);
      // The highest rows become free; the faces that come next must not be taken for those that were there.
      writer.delete(fresh.slice(7));
      const last = take(43);
      writer.write(last);
      mine.expectSame(search, [...queries, fresh[7]!.vector, last[7]!.vector]);
    }
  });

  it('follows a face that gets another vector, another decision or another collection', () => {
    const [mine, theirs] = [open(), open()];
    const points = take(800);
    mine.write(points);
    const search = mine.coarse();
    const [moved, changed, decided] = points;
    const stranger = randomUnit(512, random);
    mine.expectSame(search, queriesNear(points));
    theirs.write([
      { ...moved!, collection: 'elsewhere' },
      { ...changed!, vector: stranger },
      { ...decided!, decision: 'review' },
    ]);
    mine.expectSame(search, [moved!.vector, changed!.vector, stranger, decided!.vector]);
    expect(mine.nearest(search, [stranger], 1)[0]![0]!.point.id).toBe(changed!.id);
    expect(mine.nearest(search, [decided!.vector], 1)[0]![0]!.point.decision).toBe('review');
  });

  it('makes copies only of large partitions, after some queries, and keeps to its memory', () => {
    const connection = open();
    const collections = ['a', 'b'].map((collection) => take(600, { collection }));
    connection.write([...collections.flat(), ...take(400)]);
    const search = connection.coarse({ after: 3, maxBytes: 1_000_000 });
    const ask = (points: FacePoint[], queries: number): void => {
      const vectors = points.slice(0, queries).map(({ vector }) => vector as Unit);
      connection.nearest(search, vectors, 1, { ...scope, collection: points[0]!.collection });
    };
    const [a, b] = [collections[0]!, collections[1]!];
    ask(a, 3);
    expect(search.coarseBytes).toBe(0);
    ask(a, 1);
    const one = search.coarseBytes;
    expect(one).toBeGreaterThan(600 * 512);
    ask(b, 4);
    // Both do not fit, so the first made room, and comes back only when it is asked for again and again.
    expect(search.coarseBytes).toBe(one);
    ask(a, 3);
    connection.delete(b);
    ask(b, 1);
    expect(search.coarseBytes).toBe(0);
    ask(take(1), 10);
    expect(search.coarseBytes).toBe(0);
    connection.expectSame(search, [a[0]!.vector], { ...scope, collection: 'a' });
    expect(search.coarseBytes).toBe(one);
  });
});

function near(vector: Unit, noise: Unit): Unit {
  const mixed = vector.map((value, at) => 0.8 * value + 0.6 * noise[at]!);
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length);
}
