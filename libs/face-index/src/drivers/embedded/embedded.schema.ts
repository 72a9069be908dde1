import type { DatabaseSync } from 'node:sqlite';
import { UsageError } from '@facelane/contracts';

/** Says "Facelane face index" in the file's header ("FLFI"), so that no other program's database is written into. */
const APPLICATION_ID = 0x464c4649;
/**
 * One row holds a point and its vector, so they agree whatever happens in between.
 *
 * A plain table searched with sqlite-vec's distance function rather than its vec0 table. Measured in CPU time over
 * 20 000 x 512-d on pages of 16 KB: vec0 searches in 19 ms against 34, but takes 109 us to insert a point against 18,
 * and most points here are written once and rarely searched. A plain table also filters on any column before ranking,
 * breaks ties by id at the limit, and has no cap of 4096 results. Rows are appended, so a partition's rows lie in
 * order and its scan reads the file forwards.
 * The vector is the last column: filters on the others do not read it.
 */
const LAYOUT_1 = `
  CREATE TABLE contracts (
    ref INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE partitions (
    ref INTEGER PRIMARY KEY,
    contract INTEGER NOT NULL REFERENCES contracts,
    tenant TEXT NOT NULL,
    collection TEXT NOT NULL,
    kind TEXT NOT NULL,
    UNIQUE (contract, tenant, collection, kind)
  ) STRICT;
  CREATE TABLE points (
    row INTEGER PRIMARY KEY,
    contract INTEGER NOT NULL REFERENCES contracts,
    partition INTEGER NOT NULL REFERENCES partitions,
    id TEXT NOT NULL,
    personId TEXT,
    assetId TEXT,
    faceIndex INTEGER,
    decision TEXT,
    score REAL,
    vector BLOB NOT NULL,
    UNIQUE (contract, id)
  ) STRICT;
  CREATE INDEX points_by_partition ON points (partition);
  CREATE INDEX points_by_asset ON points (partition, assetId) WHERE assetId IS NOT NULL;
  CREATE INDEX points_by_person ON points (partition, personId) WHERE personId IS NOT NULL;
  PRAGMA application_id = ${APPLICATION_ID};
`;

/**
 * What lets a process keep copies of vectors in memory and find out by row numbers alone what others have written: a
 * number is never used twice, though the highest row may be deleted, and a row never changes its vector or partition.
 * The trigger refuses a process of layout 1 that still has the file open and would do that.
 */
const LAYOUT_2 = `
  CREATE TABLE sequence (next INTEGER NOT NULL) STRICT;
  INSERT INTO sequence SELECT coalesce(max(row), 0) + 1 FROM points;
  CREATE TRIGGER rows_keep_their_vectors BEFORE UPDATE OF partition, vector ON points
  BEGIN
    SELECT RAISE(ABORT, 'a row keeps its vector: this process is older than the layout of the file, restart it');
  END;
`;

/** What each version adds to the one before; the last is the version of this program. */
const LAYOUTS = [LAYOUT_1, LAYOUT_2];

/** Brings an empty or older file to this version; refuses one of a newer version or another program. Run in a transaction. */
export function migrate(database: DatabaseSync, file: string): void {
  const version = pragma(database, 'user_version');
  const empty = version === 0 && database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0;
  if (!empty && pragma(database, 'application_id') !== APPLICATION_ID) {
    throw new UsageError(
      `${file} is a database of another program, not a face index.`,
      'Choose another file for the face index.',
    );
  }
  if (version > LAYOUTS.length) {
    throw new UsageError(
      `The face index ${file} has the layout ${version}; this version of Facelane knows up to ${LAYOUTS.length}.`,
      'Run the newer version of Facelane, or move the file away and run `facelane enroll` and `facelane tag` again.',
    );
  }
  if (version === LAYOUTS.length) return;
  for (const layout of LAYOUTS.slice(version)) database.exec(layout);
  database.exec(`PRAGMA user_version = ${LAYOUTS.length}`);
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
