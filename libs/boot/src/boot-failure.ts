import { EnvironmentError, StageError, UsageError } from '@facelane/contracts';

/** What a program that could not start says to whoever started it; the same meanings as the command line's. */
export const BOOT_EXIT_CODES = {
  /** A setting is wrong. */
  usage: 2,
  /** The models, the store, the index or the machine is not as needed. */
  environment: 3,
  /** A defect of the program (EX_SOFTWARE of sysexits.h). */
  defect: 70,
} as const;

export interface BootFailure {
  readonly exitCode: number;
  /** What happened and what to do, one sentence each. */
  readonly text: string;
}

/** Failures of the system that a person can mend, and how. */
const SYSTEM_REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Give this user the right to read and write there, or name another place.',
  EPERM: 'Give this user the right to read and write there, or name another place.',
  EROFS: 'The file system is read-only; name another place.',
  ENOSPC: 'Free space on that disk and start again.',
  EMFILE: 'Raise the limit of open files (ulimit -n) and start again.',
};

export function describeFailure(error: unknown): BootFailure {
  if (error instanceof UsageError) {
    const exitCode = error instanceof EnvironmentError ? BOOT_EXIT_CODES.environment : BOOT_EXIT_CODES.usage;
    return failure(exitCode, error.message, error.remedy);
  }
  if (error instanceof StageError) {
    return failure(BOOT_EXIT_CODES.environment, `${error.message.replace(/\.$/, '')} (${error.code}).`, error.remedy);
  }
  const message = error instanceof Error ? error.message : String(error);
  const remedy = SYSTEM_REMEDIES[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
  if (remedy !== undefined) return failure(BOOT_EXIT_CODES.environment, message, remedy);
  return failure(BOOT_EXIT_CODES.defect, message, 'This is a defect of the program: please report it.');
}

const failure = (exitCode: number, happened: string, remedy: string): BootFailure => ({
  exitCode,
  text: `${sentence(happened)}\n${sentence(remedy)}\n`,
});

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
