import { ERROR_CODES, StageError, toStageError, type ErrorCode } from '@facelane/contracts';
import { type Job, UnrecoverableError } from 'bullmq';
import { z } from 'zod';

/** Why a job failed, as an operator reads it. */
const failureRecordSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export interface FailureRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export function failureRecordOf(error: StageError): FailureRecord {
  return { code: error.code, message: error.message, remedy: error.remedy, details: error.safeDetails };
}

/** A failure that BullMQ retries; it carries the StageError for the backoff strategy. */
class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

/**
 * The one place where a failure of ours becomes an error class of BullMQ: `never` is unrecoverable, everything
 * else is retried until the stage's attempts are used up.
 *
 * BullMQ copies the message into its stream of events, which outlives the job, so the message is the code alone: what
 * else there is to say may name a photo or a person. The record takes the place of the stack trace, which BullMQ writes
 * in the same step and keeps with the job only.
 */
export function toQueueError(error: unknown): Error {
  const stageError = toStageError(error);
  const { code, retry } = stageError;
  const queueError = retry === 'never' ? new UnrecoverableError(code) : new RetryableError(code);
  queueError.stack = JSON.stringify(failureRecordOf(stageError));
  queueError.cause = stageError;
  return queueError;
}

/** What became of a job that failed. Text that another program wrote becomes an unexpected failure. */
export function failureOfJob({ stacktrace, failedReason }: Pick<Job, 'stacktrace' | 'failedReason'>): FailureRecord {
  return recordIn(stacktrace?.at(-1)) ?? recordIn(failedReason) ?? foreignFailure(failedReason);
}

/** The failure of a job, for whoever waited for it: code, message and details as they were thrown. */
export function stageErrorOf({ code, message, details }: FailureRecord): StageError {
  return new StageError(code, message, { safeDetails: details });
}

function recordIn(text: string | null | undefined): FailureRecord | undefined {
  if (!text?.startsWith('{')) return undefined;
  const parsed = failureRecordSchema.safeParse(safeJson(text));
  if (!parsed.success) return undefined;
  const { code } = parsed.data;
  return { ...parsed.data, code: code in ERROR_CODES ? (code as ErrorCode) : 'QUEUE.UNEXPECTED' };
}

function foreignFailure(reason: string | null | undefined): FailureRecord {
  const text = reason ?? '';
  const code: ErrorCode = text.includes('stalled') ? 'QUEUE.STALLED' : 'QUEUE.UNEXPECTED';
  return failureRecordOf(new StageError(code, text || 'No reason was recorded.'));
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
