import { FacelaneProblem, FacelaneUnreachable } from '@facelane/client';
import { EnvironmentError, type ErrorCode, StageError, UsageError } from '@facelane/contracts';

/** What the program says to a script, once for all commands. */
export const EXIT_CODES = {
  /** Everything asked for was done. */
  ok: 0,
  /** The run finished, and some photos failed. */
  somePhotosFailed: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** Redis, the models, the store, the index or the disk is not as needed. */
  environment: 3,
  /** A defect of the program (EX_SOFTWARE of sysexits.h): none of the above would be true. */
  defect: 70,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Rooms whose failures are of the surroundings, not of the photo that was at work. */
const ENVIRONMENT_ROOMS: ReadonlySet<string> = new Set(['INFERENCE', 'STORE', 'INDEX']);

/** What the system says when the surroundings are at fault, and what to do about it. */
export const SYSTEM_FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'Give this user the right to read and write there, or name another place.',
  EPERM: 'Give this user the right to read and write there, or name another place.',
  EROFS: 'The file system is read-only; name another place.',
  ENOSPC: 'Free space on that disk, then run the command again.',
  EDQUOT: 'Free space within your quota, then run the command again.',
  EMFILE: 'Raise the limit of open files (ulimit -n), then run the command again.',
  ENOENT: 'Check the path; it is looked up from the current folder.',
  EADDRINUSE: 'Stop the program that uses this port, or choose another port.',
  ECONNREFUSED: 'Start the server, or correct its address in the settings.',
  ECONNRESET: 'Check the server and the network, then run the command again.',
  ETIMEDOUT: 'Check the server and the network, then run the command again.',
  ENOTFOUND: 'Correct the address in the settings, or check the name service.',
  EHOSTUNREACH: 'Check the network, then run the command again.',
};

export function exitCodeOf(error: unknown): ExitCode {
  if (isInterruption(error)) return EXIT_CODES.interrupted;
  if (error instanceof StageError) return ofStage(error.code);
  if (error instanceof FacelaneProblem) return ofProblem(error);
  if (error instanceof EnvironmentError || error instanceof FacelaneUnreachable) return EXIT_CODES.environment;
  const code = systemCode(error);
  // A path that is not there was typed wrong.
  if (error instanceof UsageError && (code === undefined || code === 'ENOENT')) return EXIT_CODES.usage;
  return code === undefined ? EXIT_CODES.defect : EXIT_CODES.environment;
}

/** The code of the system failure behind an error, looking through its causes. */
export function systemCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && at.code in SYSTEM_FAILURES) return at.code;
  }
  return undefined;
}

export const isInterruption = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** A place in the log of events that was named on the command line. */
const isOfCursor = (code: string): boolean => code.startsWith('EVENTS.');

/** Trouble behind the API, a photo that is none, or a key, an address or a name that was given wrong. */
function ofProblem({ status, code }: FacelaneProblem): ExitCode {
  if (isOfCursor(code)) return EXIT_CODES.usage;
  if (status >= 500 || status === 429) return EXIT_CODES.environment;
  return status === 422 || code.startsWith('INGEST.') ? EXIT_CODES.somePhotosFailed : EXIT_CODES.usage;
}

function ofStage(code: ErrorCode): ExitCode {
  if (isOfCursor(code)) return EXIT_CODES.usage;
  if (ENVIRONMENT_ROOMS.has(code.slice(0, code.indexOf('.')))) return EXIT_CODES.environment;
  return EXIT_CODES.somePhotosFailed;
}
