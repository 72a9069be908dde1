import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, samplePoint, unit } from '../../testing/samples.js';
import { EmbeddedFaceIndex } from './embedded.face-index.js';

/** As version 0.1.0 made it. */
const LAYOUT_1 = `
  CREATE TABLE contracts (ref INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL) STRICT;
  CREATE TABLE partitions (ref INTEGER PRIMARY KEY, contract INTEGER NOT NULL REFERENCES contracts,
    tenant TEXT NOT NULL, collection TEXT NOT NULL, kind TEXT NOT NULL,
    UNIQUE (contract, tenant, collection, kind)) STRICT;
  CREATE TABLE points (row INTEGER PRIMARY KEY, contract INTEGER NOT NULL REFERENCES contracts,
    partition INTEGER NOT NULL REFERENCES partitions, id TEXT NOT NULL, personId TEXT, assetId TEXT,
    faceIndex INTEGER, decision TEXT, score REAL, vector BLOB NOT NULL, UNIQUE (contract, id)) STRICT;
  CREATE INDEX points_by_partition ON points (partition);
  CREATE INDEX points_by_asset ON points (partition, assetId) WHERE assetId IS NOT NULL;
  CREATE INDEX points_by_person ON points (partition, personId) WHERE personId IS NOT NULL;
  PRAGMA application_id = 0x464c4649;
  PRAGMA user_version = 1;
`;
const INSERT = 'INSERT INTO points (contract, partition, id, vector) VALUES (1, 1, ?, ?)';

const contract = { id: 'old', dimension: 8 };
const scope = { tenant: 't', collection: 'main' };

describe('the layout of the file', () => {
  let folder: string;
  let file: string;
  let old: DatabaseSync;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'facelane-index-'));
    file = join(folder, 'faces.db');
    old = new DatabaseSync(file);
    old.exec('PRAGMA journal_mode = WAL');
    old.exec(LAYOUT_1);
    old.exec(`INSERT INTO contracts VALUES (1, '${contract.id}', 8)`);
    old.exec(`INSERT INTO partitions VALUES (1, 1, 't', 'main', 'face')`);
  });
  afterEach(() => {
    old.close();
    rmSync(folder, { recursive: true });
  });

  const points = [0, 1, 2].map((seed) => samplePoint(scope, {}, unit(8, seed)));
  const bytesOf = (vector: Float32Array): Uint8Array => new Uint8Array(vector.buffer as ArrayBuffer);
  const writeAsBefore = (): void => {
    for (const { id, vector } of points) old.prepare(INSERT).run(id, bytesOf(vector));
  };
  const layout = (): unknown => old.prepare('PRAGMA user_version').get()?.['user_version'];

  it('is brought from 1 to 2 with all its points, by the first of several that open it', async () => {
    writeAsBefore();
    const indexes = [1, 2, 3].map(() => new EmbeddedFaceIndex({ file, coarse: { above: 0, after: 0 } }));
    const [index] = indexes;
    await Promise.all(indexes.map((each) => each.ensureContract(contract)));
    expect(layout()).toBe(2);
    expect(await collect(index!.scroll(contract.id, scope, { withVectors: true }))).toStrictEqual(points);
    const late = samplePoint(scope, {}, unit(8, 3));
    await index!.upsert(contract.id, [late, { ...points[0]!, vector: unit(8, 4) }]);
    const rows = old.prepare('SELECT row, id FROM points ORDER BY row').all();
    const ids = [points[1]!, points[2]!, late, points[0]!].map(({ id }) => id);
    expect(rows.map((row) => ({ ...row }))).toEqual(ids.map((id, at) => ({ row: at + 2, id })));
    await Promise.all(indexes.map((each) => each.close()));
  });

  it('never gives a row number again, though the highest row is deleted', async () => {
    const index = new EmbeddedFaceIndex({ file });
    await index.upsert(contract.id, points);
    await index.deleteByIds(contract.id, [points[2]!.id]);
    await index.upsert(contract.id, [points[2]!]);
    expect(old.prepare('SELECT max(row) AS last FROM points').get()?.['last']).toBe(4);
    await index.close();
  });

  it('stops a process of layout 1 from changing a vector in its place, and lives with rows that it adds', async () => {
    const index = new EmbeddedFaceIndex({ file });
    await index.ensureContract(contract);
    writeAsBefore();
    const change = (): unknown => old.prepare('UPDATE points SET vector = ? WHERE row = 1').run(bytesOf(unit(8, 9)));
    expect(change).toThrow('this process is older than the layout of the file, restart it');
    const late = samplePoint(scope, {}, unit(8, 5));
    await index.upsert(contract.id, [late]);
    expect(await index.count(contract.id, scope)).toBe(4);
    await index.close();
  });
});
