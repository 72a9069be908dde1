import { StageError, type ErrorCode } from '@facelane/contracts';

/** What the operating system's error numbers mean for a store; anything else is its trouble and may pass. */
const CODES: Readonly<Record<string, { readonly code: ErrorCode; readonly what: string }>> = {
  ENOSPC: { code: 'STORE.FULL', what: 'the disk is full' },
  EDQUOT: { code: 'STORE.FULL', what: 'the disk quota is used up' },
  EACCES: { code: 'STORE.DENIED', what: 'this user may not' },
  EPERM: { code: 'STORE.DENIED', what: 'the system does not permit it' },
  EROFS: { code: 'STORE.DENIED', what: 'the disk is read-only' },
  ELOOP: { code: 'STORE.DENIED', what: 'a symbolic link stands in its place' },
  ENAMETOOLONG: { code: 'STORE.KEY_INVALID', what: 'its path is longer than this system allows' },
};

/** Turns a failure of node:fs into the one code that fits; StageErrors and aborts pass through. */
export function fileFailure(error: unknown, doing: string): unknown {
  const number = errnoOf(error);
  if (error instanceof StageError || number === undefined) return error;
  const known = CODES[number];
  return new StageError(
    known?.code ?? 'STORE.UNAVAILABLE',
    `The file store failed ${doing}: ${known?.what ?? number}.`,
    {
      cause: error,
      safeDetails: { errno: number },
    },
  );
}

export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  // An AbortError's code is a number, and no business of the file system's.
  return typeof code === 'string' ? code : undefined;
}

/** For a file that may be gone by the time it is looked at; any other failure stays one. */
export function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
  return undefined;
}
