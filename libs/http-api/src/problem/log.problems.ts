import type { ErrorCode } from '@facelane/contracts';

/** Refusals whose codes are those of the log of events (docs/errors.md): whoever reads it decides by them. */
export const LOG_PROBLEMS = {
  'EVENTS.CONSUMERS_FULL': { status: 409, title: 'There are as many consumers as there may be' },
  'EVENTS.CURSOR_EXPIRED': { status: 410, title: 'Events behind the cursor are no longer kept' },
  'EVENTS.CURSOR_INVALID': { status: 422, title: 'The cursor is none of this log' },
} as const satisfies Partial<Record<ErrorCode, { readonly status: number; readonly title: string }>>;

export type LogProblemCode = keyof typeof LOG_PROBLEMS;

export const isLogProblem = (code: string): code is LogProblemCode => code in LOG_PROBLEMS;
