import { randomUUID } from 'node:crypto';
import type { StageHandler } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { connectProducer, connectWorker } from '../redis.connection.js';
import type { StageWorkerHooks } from '../stage.hooks.js';
import { StageQueues } from '../stage.queues.js';
import { StageWorker, type StageTuning } from '../stage.worker.js';
import { CHAIN, type ChainStage } from './pipeline.fixture.js';

type Handler = StageHandler<never>;

export const PASS: Handler = (input) => Promise.resolve(input);
export const END: Handler = ({ assetId }: { assetId: string }) => Promise.resolve({ assetId });

/** The test chain on a Redis, under a prefix of its own. */
export class Belt {
  readonly prefix = `test-${randomUUID()}`;
  readonly errors: Error[] = [];
  private readonly workers: StageWorker<never>[] = [];

  private constructor(
    readonly url: string,
    readonly redis: Redis,
    readonly workerRedis: Redis,
    prefix?: string,
  ) {
    if (prefix !== undefined) this.prefix = prefix;
    this.queues = new StageQueues(CHAIN, redis, this.prefix);
  }

  readonly queues: StageQueues<typeof CHAIN>;

  static async open(url: string, prefix?: string): Promise<Belt> {
    const ignore = (): void => undefined;
    return new Belt(url, await connectProducer({ url }, ignore), connectWorker({ url }, ignore), prefix);
  }

  worker(stage: ChainStage, handler: Handler, options: StageWorkerHooks & { tuning?: StageTuning } = {}) {
    const worker = new StageWorker({
      stage: CHAIN.stages[stage] as never,
      handler,
      queues: this.queues,
      redis: this.workerRedis,
      prefix: this.prefix,
      onError: (error) => this.errors.push(error),
      ...options,
    });
    this.workers.push(worker);
    return worker;
  }

  /** Where the jobs of a stage are, the empty states left out. */
  async counts(stage: ChainStage): Promise<Record<string, number>> {
    const states = ['wait', 'prioritized', 'active', 'delayed', 'failed', 'completed'] as const;
    const counts = await this.queues.queue(stage).getJobCounts(...states);
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.drain(0)));
    await this.queues.close();
    this.redis.disconnect();
    this.workerRedis.disconnect();
  }
}
