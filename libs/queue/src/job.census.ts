import { type AnyPipeline, jobIdOf } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { jobsOfStage } from './job.scan.js';
import { askRedis } from './redis.answer.js';
import type { StageQueues } from './stage.queues.js';

/** How many jobs of a stage are not over, dead letters not counted. */
export class JobCensus<P extends AnyPipeline> {
  constructor(
    private readonly queues: StageQueues<P>,
    private readonly redis: Redis,
  ) {}

  /** All of them. Costs as much however many they are. */
  async total(stage: keyof P['stages'] & string): Promise<number> {
    const states = ['wait', 'prioritized', 'active', 'delayed'] as const;
    const counts = await askRedis(this.redis, () => this.queues.queue(stage).getJobCounts(...states));
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** By what the data of each say that it is of, and how much it is. Reads every job. */
  async by(
    stage: keyof P['stages'] & string,
    weigh: (data: unknown) => { readonly thing: string; readonly count: number } | undefined,
  ): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    const prefix = this.queues.queue(stage).toKey(jobIdOf(this.queues.pipeline.stages[stage]!, ''));
    for await (const { data, dead } of jobsOfStage(this.redis, prefix)) {
      const weight = dead ? undefined : weigh(data);
      if (weight !== undefined) counts.set(weight.thing, (counts.get(weight.thing) ?? 0) + weight.count);
    }
    return counts;
  }
}
