import { jobIdOf, type Lane, type StageDeclaration } from '@facelane/contracts';
import type { JobsOptions } from 'bullmq';
import { z } from 'zod';
import { JobInvalidError } from './job-invalid.error.js';

/** What every job of the pipeline carries; the stage's own schema says the rest. */
export interface QueuedAsset {
  readonly assetId: string;
  readonly lane: Lane;
}

export interface AddOptions {
  /** Earliest start, in milliseconds from now. Default 0. A job that is there already keeps its own. */
  readonly delayMs?: number;
}

export interface StageJob {
  readonly name: string;
  readonly data: QueuedAsset;
  readonly opts: JobsOptions & { readonly jobId: string };
}

/** BullMQ forbids a colon in a job id. */
const queuedAssetSchema = z.looseObject({
  assetId: z.string().regex(/^[^:]+$/, 'an asset id has at least one character and no colon'),
  lane: z.enum(['interactive', 'bulk']),
}) satisfies z.ZodType<QueuedAsset>;

/** Name of the retry schedule that stage workers apply (see stage.worker.ts). */
const STAGE_BACKOFF = 'stage';

/** Bulk work queues behind all work without a priority, which is how interactive work is added. */
const BULK_PRIORITY = 10;

/**
 * The belt carries what goes into the schema, so that a worker which parses it gets what comes out.
 *
 * @throws JobInvalidError when the input does not fit the stage.
 */
export function stageJobOf(stage: StageDeclaration, input: QueuedAsset, { delayMs = 0 }: AddOptions = {}): StageJob {
  for (const schema of [queuedAssetSchema, stage.input]) {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new JobInvalidError(stage.name, parsed.error);
  }
  return {
    name: stage.name,
    data: input,
    opts: {
      jobId: jobIdOf(stage, input.assetId),
      attempts: stage.retry.attempts,
      backoff: { type: STAGE_BACKOFF },
      // A finished job leaves its id free, so that the asset can be submitted again; a failed one stays as dead letter.
      removeOnComplete: true,
      removeOnFail: keptFailures(stage),
      // One trace: the record of the last failure (see failure.record.ts).
      stackTraceLimit: 1,
      ...(input.lane === 'bulk' && { priority: BULK_PRIORITY }),
      ...(delayMs > 0 && { delay: delayMs }),
    },
  };
}

/** Whether somebody waits for the job, and it may run now. */
export const isUrgent = ({ opts }: StageJob): boolean => opts.priority === undefined && opts.delay === undefined;

/** BullMQ counts in seconds, and forgets when a later job of the stage fails. */
function keptFailures({ forgetFailedAfterMs }: StageDeclaration): false | { readonly age: number } {
  return forgetFailedAfterMs === undefined ? false : { age: Math.ceil(forgetFailedAfterMs / 1_000) };
}
