import { ERROR_CODES, type ErrorCode } from './error-codes.js';

/** Whether running the same work again can help, decided where the failure is understood. */
export type Retry = 'never' | 'backoff' | { readonly afterMs: number };

export interface StageErrorOptions {
  /** Default: the code's own advice in ERROR_CODES. */
  readonly retry?: Retry;
  /** Shown to users and written to dead letters: names, sizes, limits. Never pixels, vectors or secrets. */
  readonly safeDetails?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

/**
 * A failure that knows its code, its remedy and whether it may be retried.
 *
 * The message says what happened to which thing; `remedy` says what to do about it. Only libs/queue turns it
 * into the queue's own error classes.
 */
export class StageError extends Error {
  override readonly name = 'StageError';
  readonly retry: Retry;
  readonly safeDetails: Readonly<Record<string, string | number | boolean>>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: StageErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retry = options.retry ?? ERROR_CODES[code].retry;
    this.safeDetails = options.safeDetails ?? {};
  }

  get remedy(): string {
    return ERROR_CODES[this.code].remedy;
  }
}

/** Wraps an unknown failure so that every failure has a code; a StageError passes through. */
export function toStageError(error: unknown): StageError {
  if (error instanceof StageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StageError('QUEUE.UNEXPECTED', message, { cause: error });
}
