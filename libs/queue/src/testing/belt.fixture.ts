import { randomUUID } from 'node:crypto';
import type { StageDeclaration, StageHandler } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { ChannelBells } from '../bells/channel.bells.js';
import { LaneGate } from '../lanes/lane.gate.js';
import { connectProducer, connectWorker } from '../redis.connection.js';
import { StageQueues } from '../stage.queues.js';
import { StageWorker, type StageWorkerOptions } from '../stage.worker.js';
import { CHAIN, type ChainStage, type Word } from './pipeline.fixture.js';

/** Handler of `first` and `second`: hands on what it got. */
export const PASS = (input: Word): Promise<Word> => Promise.resolve(input);
/** Handler of `last`. */
export const END = ({ assetId }: Word): Promise<{ assetId: string }> => Promise.resolve({ assetId });

type WorkerOptions = Partial<Omit<StageWorkerOptions<StageDeclaration>, 'handler' | 'prefix'>>;

/** The test chain on a Redis, under a prefix of its own. */
export class Belt {
  readonly prefix = `test-${randomUUID()}`;
  readonly errors: Error[] = [];
  private readonly workers: StageWorker<StageDeclaration>[] = [];

  private constructor(
    readonly url: string,
    readonly redis: Redis,
    readonly workerRedis: Redis,
    prefix?: string,
  ) {
    if (prefix !== undefined) this.prefix = prefix;
    this.queues = new StageQueues(CHAIN, redis, this.prefix);
    this.bells = new ChannelBells(workerRedis);
  }

  readonly queues: StageQueues<typeof CHAIN>;
  private readonly bells: ChannelBells;

  static async open(url: string, prefix?: string): Promise<Belt> {
    const ignore = (): void => undefined;
    return new Belt(url, await connectProducer({ url }, ignore), connectWorker({ url }, ignore), prefix);
  }

  worker<K extends ChainStage>(
    stage: K,
    handler: StageHandler<(typeof CHAIN.stages)[K]>,
    options: WorkerOptions = {},
  ): StageWorker<StageDeclaration> {
    const worker = new StageWorker<StageDeclaration>({
      stage: CHAIN.stages[stage],
      handler: handler,
      queues: this.queues,
      redis: this.workerRedis,
      prefix: this.prefix,
      gate: new LaneGate(),
      bells: this.bells,
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
    this.bells.end();
    await this.queues.close();
    this.redis.disconnect();
    this.workerRedis.disconnect();
  }
}
