import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StageError, UsageError } from '@facelane/contracts';
import { getLoadablePath } from 'sqlite-vec';
import { isBusy, notWritable } from './embedded.errors.js';
import { migrate } from './embedded.schema.js';

export interface DatabaseOptions {
  readonly file: string;
  readonly busyTimeoutMs: number;
}

/** A row of a 512-d point takes 2.2 KB: seven fit a page of 16 KB, one a page of 4 KB (half the speed, twice the file). */
const PAGE_SIZE = 16_384;
const BUSY_PAUSE_MS = 10;

/** Opens the file, or makes it with its folder. Several processes may have it open. */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  makeFolder(options.file);
  const database = new DatabaseSync(options.file, { allowExtension: true });
  try {
    // A pragma, since the constructor's own option came with Node 22.16.
    database.exec(`PRAGMA busy_timeout = ${Math.round(options.busyTimeoutMs)}`);
    // Before the first table, or it has no effect.
    database.exec(`PRAGMA page_size = ${PAGE_SIZE}`);
    useWal(database, options.busyTimeoutMs);
    // A killed process loses no commit in either mode: the pages are with the operating system. FULL would also
    // survive a power cut, for a disk flush per commit; the object store is the book, and reindex restores the rest.
    database.exec('PRAGMA synchronous = NORMAL');
    // Deleted faces are overwritten with zeros, not only unlinked: vectors are biometric data.
    database.exec('PRAGMA secure_delete = ON');
    loadVectorFunctions(database);
    transaction(database, () => migrate(database, options.file));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Runs `work` in one write transaction: all of it is committed, or none. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  // IMMEDIATE takes the write lock at once, waiting for it: a transaction that began by reading cannot wait later.
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Runs `read` on one state of the file, whatever other processes commit meanwhile. */
export function snapshot<T>(database: DatabaseSync, read: () => T): T {
  database.exec('BEGIN');
  try {
    return read();
  } finally {
    rollBack(database);
  }
}

/**
 * Writes the write-ahead log into the file and empties it. Deleted and replaced rows are zeroed in the file
 * (secure_delete), but the log keeps their old pages until it is written over, which may take days.
 */
export function truncateLog(database: DatabaseSync, file: string): void {
  const result = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  if (result?.['busy'] === 0) return;
  throw new StageError('INDEX.LOCKED', `The log of the face index ${file} is being read by another process.`);
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // Some failures (disk full, I/O) have rolled back already, and then there is nothing to roll back. The error that
    // led here is what is reported.
  }
}

function makeFolder(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw notWritable(file, error instanceof Error ? error.message : String(error), error);
  }
}

/** Switching the journal mode does not wait for locks as other statements do, so two first openers need a retry. */
function useWal(database: DatabaseSync, busyTimeoutMs: number): void {
  const deadline = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      // This thread exists to wait for the database.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
    }
  }
}

function loadVectorFunctions(database: DatabaseSync): void {
  try {
    database.loadExtension(getLoadablePath());
  } catch (error) {
    throw new UsageError(
      `The vector functions of the embedded face index (sqlite-vec) do not load on ${process.platform}-${process.arch}.`,
      'Install the dependencies again, or use Qdrant: set QDRANT_URL.',
      { cause: error },
    );
  }
  database.enableLoadExtension(false);
}
