import { StageError } from '@facelane/contracts';
import { type ZodError, z } from 'zod';

/** A job that does not fit its stage's schema. Never retried, never skipped: it becomes a dead letter. */
export class JobInvalidError extends StageError {
  constructor(stage: string, cause: ZodError) {
    super('QUEUE.JOB_INVALID', `The job does not fit stage ${stage}: ${z.prettifyError(cause)}`, { cause });
  }
}
