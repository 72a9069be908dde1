import { StageError, toStageError, type ErrorCode } from '@facelane/contracts';
import { UnrecoverableError } from 'bullmq';
import { z } from 'zod';

/** Why a job failed, as an operator reads it. It is the job's failedReason, as JSON. */
export const failureRecordSchema = z.strictObject({
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
 */
export function toQueueError(error: unknown): Error {
  const stageError = toStageError(error);
  const reason = JSON.stringify(failureRecordOf(stageError));
  const queueError = stageError.retry === 'never' ? new UnrecoverableError(reason) : new RetryableError(reason);
  queueError.cause = stageError;
  return queueError;
}

/** Reads a dead letter's reason back; text that another program wrote becomes an unexpected failure. */
export function parseFailedReason(reason: string): z.output<typeof failureRecordSchema> {
  if (reason.startsWith('{')) {
    const parsed = failureRecordSchema.safeParse(safeJson(reason));
    if (parsed.success) return parsed.data;
  }
  const code: ErrorCode = reason.includes('stalled') ? 'QUEUE.STALLED' : 'QUEUE.UNEXPECTED';
  return failureRecordOf(new StageError(code, reason || 'No reason was recorded.'));
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
