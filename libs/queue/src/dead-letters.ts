import type { AnyPipeline } from '@facelane/contracts';
import type { Job } from 'bullmq';
import { failureOfJob, type FailureRecord } from './failure.record.js';
import type { StageQueues } from './stage.queues.js';

/** A dead letter as an operator sees it. */
export interface DeadLetterEntry {
  readonly stage: string;
  readonly jobId: string;
  readonly attempts: number;
  readonly failedAt: Date;
  readonly failure: FailureRecord;
}

export interface DeadLetterFilter {
  readonly stage?: string;
  readonly code?: string;
}

/** Jobs read, or put back, at a time. */
const PAGE = 100;

/**
 * The dead letters of every stage of the given tables: they stay in the stage's failed set until retried or submitted
 * again.
 */
export class DeadLetters {
  private readonly tables: readonly StageQueues<AnyPipeline>[];

  constructor(...tables: readonly StageQueues<AnyPipeline>[]) {
    this.tables = tables;
  }

  /** Those that were there when their stage was reached, newest first within a stage, stages in the tables' order. */
  async *list(filter: DeadLetterFilter = {}): AsyncGenerator<DeadLetterEntry> {
    for await (const page of this.pages(filter)) yield* page.map(({ entry }) => entry);
  }

  /** Puts them back to the start of their stage's attempts. Returns how many; those taken by others are not counted. */
  async retry(filter: DeadLetterFilter = {}): Promise<number> {
    let count = 0;
    for await (const page of this.pages(filter)) {
      const revived = await Promise.all(page.map(({ entry, job, queues }) => queues.revive(entry.stage, job)));
      count += revived.filter(Boolean).length;
    }
    return count;
  }

  private async *pages(filter: DeadLetterFilter): AsyncGenerator<Letter[]> {
    for (const queues of this.tables) yield* pagesOf(queues, filter);
  }
}

interface Letter {
  readonly entry: DeadLetterEntry;
  readonly job: Job;
  readonly queues: StageQueues<AnyPipeline>;
}

async function* pagesOf(queues: StageQueues<AnyPipeline>, filter: DeadLetterFilter): AsyncGenerator<Letter[]> {
  for (const stage of queues.pipeline.order) {
    if (filter.stage !== undefined && stage !== filter.stage) continue;
    const queue = queues.queue(stage);
    // Ids first: offsets into a set that changes meanwhile would skip some and repeat others.
    const ids = await queue.getRanges(['failed'], 0, -1, false);
    for (let start = 0; start < ids.length; start += PAGE) {
      const jobs = await Promise.all(ids.slice(start, start + PAGE).map((id) => queue.getJob(id)));
      yield jobs
        .filter((job): job is Job => job !== undefined && typeof job.finishedOn === 'number')
        .map((job) => ({ entry: entryOf(stage, job), job, queues }))
        .filter(({ entry }) => filter.code === undefined || entry.failure.code === filter.code);
    }
  }
}

function entryOf(stage: string, job: Job): DeadLetterEntry {
  return {
    stage,
    jobId: job.id ?? '',
    attempts: job.attemptsMade,
    failedAt: new Date(job.finishedOn ?? job.timestamp),
    failure: failureOfJob(job),
  };
}
