import type { AnyPipeline } from '@facelane/contracts';
import type { Job } from 'bullmq';
import { parseFailedReason } from './failure.record.js';
import type { StageQueues } from './stage.queues.js';

/** A dead letter as an operator sees it. */
export interface DeadLetterEntry {
  readonly stage: string;
  readonly jobId: string;
  readonly attempts: number;
  readonly failedAt: Date;
  readonly failure: ReturnType<typeof parseFailedReason>;
}

const PAGE = 100;

/** The dead letters of every stage: they stay in the stage's failed set until retried or removed. */
export class DeadLetters {
  constructor(private readonly queues: StageQueues<AnyPipeline>) {}

  /** Newest first within a stage, stages in pipeline order. */
  async *list(filter: { readonly stage?: string; readonly code?: string } = {}): AsyncGenerator<DeadLetterEntry> {
    for await (const { stage, job } of this.jobs(filter.stage)) {
      const entry = entryOf(stage, job);
      if (filter.code === undefined || entry.failure.code === filter.code) yield entry;
    }
  }

  /** Puts them back to the start of their stage's attempts. Returns how many. */
  async retry(filter: { readonly stage?: string; readonly code?: string } = {}): Promise<number> {
    const matching: Job[] = [];
    for await (const { stage, job } of this.jobs(filter.stage)) {
      if (filter.code === undefined || entryOf(stage, job).failure.code === filter.code) matching.push(job);
    }
    await Promise.all(matching.map((job) => job.retry('failed', { resetAttemptsMade: true })));
    return matching.length;
  }

  private async *jobs(stageName?: string): AsyncGenerator<{ stage: string; job: Job }> {
    for (const stage of this.queues.pipeline.order) {
      if (stageName !== undefined && stage !== stageName) continue;
      for (let start = 0; ; start += PAGE) {
        const page = await this.queues.queue(stage).getFailed(start, start + PAGE - 1);
        // A job may vanish between the two reads that BullMQ makes.
        for (const job of page as (Job | undefined)[]) if (job !== undefined) yield { stage, job };
        if (page.length < PAGE) break;
      }
    }
  }
}

function entryOf(stage: string, job: Job): DeadLetterEntry {
  return {
    stage,
    jobId: job.id ?? '',
    attempts: job.attemptsMade,
    failedAt: new Date(job.finishedOn ?? job.timestamp),
    failure: parseFailedReason(job.failedReason),
  };
}
