import type { AnyPipeline } from '@facelane/contracts';
import type { StageQueues } from './stage.queues.js';

export interface StageStatus {
  readonly stage: string;
  /** Ready to run, in either lane. */
  readonly waiting: number;
  readonly active: number;
  /** Waiting for their next attempt. */
  readonly delayed: number;
  readonly dead: number;
  /** Worker processes that serve the stage now. */
  readonly workers: number;
}

/** One line per stage of the given tables, in their order. */
export async function readStatus(...tables: readonly StageQueues<AnyPipeline>[]): Promise<StageStatus[]> {
  const lines = tables.flatMap((queues) => queues.pipeline.order.map((stage) => stageStatus(queues, stage)));
  return Promise.all(lines);
}

async function stageStatus(queues: StageQueues<AnyPipeline>, stage: string): Promise<StageStatus> {
  const queue = queues.queue(stage);
  const [counts, workers] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed'),
    queue.getWorkersCount(),
  ]);
  return {
    stage,
    waiting: (counts['wait'] ?? 0) + (counts['prioritized'] ?? 0),
    active: counts['active'] ?? 0,
    delayed: counts['delayed'] ?? 0,
    dead: counts['failed'] ?? 0,
    workers,
  };
}
