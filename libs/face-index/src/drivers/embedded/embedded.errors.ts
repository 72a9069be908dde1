import { StageError, UsageError } from '@facelane/contracts';
import { z } from 'zod';
import type { WireError } from './embedded.protocol.js';

/** node:sqlite's errors carry SQLite's extended result code; its low byte is the primary one (sqlite.org/rescode.html). */
const sqliteErrorSchema = z.object({ code: z.literal('ERR_SQLITE_ERROR'), errcode: z.int(), message: z.string() });

const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  AUTH: 23,
  NOTADB: 26,
} as const;

export function isBusy(error: unknown): boolean {
  const sqlite = sqliteErrorSchema.safeParse(error);
  return sqlite.success && (sqlite.data.errcode & 0xff) === SQLITE.BUSY;
}

/** The one error that fits a failure of the database in `file`. */
export function toFileError(error: unknown, file: string): StageError | UsageError {
  if (error instanceof StageError || error instanceof UsageError) return error;
  const sqlite = sqliteErrorSchema.safeParse(error);
  if (!sqlite.success) {
    const reason = error instanceof Error ? error.message : String(error);
    return new StageError('INDEX.UNAVAILABLE', `The face index ${file} failed: ${reason}.`, { cause: error });
  }
  const { errcode, message } = sqlite.data;
  switch (errcode & 0xff) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new StageError('INDEX.LOCKED', `The face index ${file} stayed locked by another process.`, {
        cause: error,
      });
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return new StageError('INDEX.CORRUPT', `The face index ${file} is damaged or not a database (${message}).`, {
        cause: error,
      });
    case SQLITE.FULL:
      return new StageError('INDEX.FULL', `The disk that holds the face index ${file} is full.`, { cause: error });
    case SQLITE.PERM:
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
    case SQLITE.AUTH:
      return notWritable(file, message, error);
    default:
      return new StageError('INDEX.UNAVAILABLE', `The face index ${file} failed: ${message}.`, { cause: error });
  }
}

export function notWritable(file: string, reason: string, cause: unknown): UsageError {
  return new UsageError(
    `The face index ${file} cannot be opened for writing (${reason}).`,
    'Make the file and its folder writable for this user, or choose another place for them.',
    { cause },
  );
}

export function toWireError(error: StageError | UsageError): WireError {
  if (error instanceof UsageError) return { type: 'usage', message: error.message, remedy: error.remedy };
  return { type: 'stage', code: error.code, message: error.message };
}

export function fromWireError(error: WireError): StageError | UsageError {
  if (error.type === 'usage') return new UsageError(error.message, error.remedy);
  return new StageError(error.code, error.message);
}
