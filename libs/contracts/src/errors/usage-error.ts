/**
 * The person at the keyboard or in the configuration can mend this: a wrong value, a missing program, a folder
 * that does not exist. Shown as two plain sentences, never with a stack trace.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    message: string,
    /** What to do about it, as one sentence. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A person can mend this too, but nothing that was typed is wrong: a server, a download or a program is not as needed. */
export class EnvironmentError extends UsageError {}
