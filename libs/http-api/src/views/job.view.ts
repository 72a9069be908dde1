import type { BulkJobDocument, BulkProgressDocument } from '@facelane/contracts';
import type { JobBody, JobSummaryBody } from '../schemas/job.schema.js';
import type { WatchedJob } from '../services/jobs/job.watch.js';

/** Objects that a job leaves at its end. */
export type JobOutputs = Pick<JobBody, 'results' | 'summary'>;

export function jobSummary({ job, progress }: Pick<WatchedJob, 'job' | 'progress'>): JobSummaryBody {
  const { id, collection, wish, createdAt } = job;
  const { state, startedAt, endedAt, accounted, counts } = progress;
  const total = totalOf(job, progress);
  return {
    ...{ id, collection, source: sourceText(job), state, wish, createdAt, accounted, counts },
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(total !== undefined && { total }),
  };
}

export function jobView({ job, progress, stages, ratePerSecond }: WatchedJob, outputs: JobOutputs): JobBody {
  const { contract, options, retryOf } = job;
  const { onlyNew, weight, window, notify, tags } = options;
  const secondsLeft = timeLeft(totalOf(job, progress), progress, ratePerSecond);
  return {
    ...jobSummary({ job, progress }),
    ...{ contract, onlyNew, weight, window, notify, tags: [...(tags ?? [])] },
    ...(retryOf !== undefined && { retryOf }),
    failures: progress.failures,
    ...(progress.failure !== undefined && { failure: progress.failure }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(secondsLeft !== undefined && { secondsLeft }),
    stages: [...stages],
    ...outputs,
  };
}

/** What was expected counts only until it is known. */
function totalOf({ total }: BulkJobDocument, { state, accounted }: BulkProgressDocument): number | undefined {
  if (state === 'completed') return accounted;
  return total === undefined ? undefined : Math.max(total, accounted);
}

function timeLeft(
  total: number | undefined,
  { state, accounted }: BulkProgressDocument,
  ratePerSecond: number | undefined,
): number | undefined {
  if (state !== 'running' || total === undefined || ratePerSecond === undefined || ratePerSecond <= 0) return undefined;
  return Math.round((total - accounted) / ratePerSecond);
}

function sourceText({ source }: BulkJobDocument): string {
  return `s3://${source.bucket}/${source.kind === 'manifest' ? source.key : source.prefix}`;
}
