import { StageError } from '@facelane/contracts';
import { type ZodError, z } from 'zod';

/** A job that does not fit its stage's schema. Never retried, never skipped: it becomes a dead letter. */
export class JobInvalidError extends StageError {
  constructor(stage: string, cause: ZodError) {
    super('QUEUE.JOB_INVALID', `The job does not fit stage ${stage}: ${z.prettifyError(cause)}`, { cause });
  }
}

/** A stage returned what its own declaration, or the next stage, does not allow. */
export class OutputInvalidError extends StageError {
  constructor(stage: string, cause: ZodError | JobInvalidError) {
    const why = cause instanceof JobInvalidError ? cause.message : z.prettifyError(cause);
    super('QUEUE.OUTPUT_INVALID', `Stage ${stage} returned what it may not: ${why}`, { cause });
  }
}
