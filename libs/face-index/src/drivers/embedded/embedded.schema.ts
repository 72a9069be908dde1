import type { DatabaseSync } from 'node:sqlite';
import { UsageError } from '@facelane/contracts';

/** Says "Facelane face index" in the file's header ("FLFI"), so that no other program's database is written into. */
const APPLICATION_ID = 0x464c4649;
/** Raised with every change of the tables below. */
const SCHEMA_VERSION = 1;

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
const TABLES = `
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
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Makes the tables of an empty file; refuses a file of a newer version or of another program. Run in a transaction. */
export function migrate(database: DatabaseSync, file: string): void {
  const version = pragma(database, 'user_version');
  if (version === SCHEMA_VERSION && pragma(database, 'application_id') === APPLICATION_ID) return;
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  if (version === 0 && tables === 0) {
    database.exec(TABLES);
    return;
  }
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    throw new UsageError(
      `${file} is a database of another program, not a face index.`,
      'Choose another file for the face index.',
    );
  }
  throw new UsageError(
    `The face index ${file} has the layout ${version}; this version of Facelane knows up to ${SCHEMA_VERSION}.`,
    'Run the newer version of Facelane, or move the file away and run `facelane enroll` and `facelane tag` again.',
  );
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
