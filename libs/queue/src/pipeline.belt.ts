import type { AnyPipeline } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { PipelineEvents, type PipelineEvent } from './pipeline.events.js';
import { connectProducer, connectWorker, DEFAULT_PREFIX, type QueueConnection } from './redis.connection.js';
import { RedisLease } from './redis.lease.js';
import { StageQueues } from './stage.queues.js';
import { StageWorker, type StageWorkerOptions } from './stage.worker.js';
import type { StageDeclaration } from '@facelane/contracts';

export interface BeltOptions extends QueueConnection {
  /** Trouble with the connection; Redis is reconnected by itself. */
  readonly onError: (error: Error) => void;
  /** Redis answers, for the first time or again. */
  readonly onReady?: () => void;
}

/** A pipeline on one Redis: its queues, its workers in this process, its events and its leases. */
export class PipelineBelt<P extends AnyPipeline = AnyPipeline> {
  readonly queues: StageQueues<P>;
  readonly lease: RedisLease;
  private readonly closers: (() => Promise<void>)[] = [];

  private constructor(
    readonly pipeline: P,
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly options: BeltOptions,
  ) {
    this.queues = new StageQueues(pipeline, redis, prefix);
    this.lease = new RedisLease(redis, prefix);
  }

  /**
   * `worker`: waits for Redis for ever, as a worker must. `producer`: fails at once while Redis is away.
   *
   * @throws UsageError when Redis does not answer and the belt is a producer's.
   */
  static async open<P extends AnyPipeline>(
    pipeline: P,
    role: 'worker' | 'producer',
    options: BeltOptions,
  ): Promise<PipelineBelt<P>> {
    const redis =
      role === 'producer' ? await connectProducer(options, options.onError) : connectWorker(options, options.onError);
    if (options.onReady !== undefined) redis.on('ready', options.onReady);
    return new PipelineBelt(pipeline, redis, options.prefix ?? DEFAULT_PREFIX, options);
  }

  /** Rejects at once while there is no connection: a question that waits in line for Redis is no health check. */
  async ping(): Promise<void> {
    if (this.redis.status !== 'ready') throw new Error('there is no connection');
    await this.redis.ping();
  }

  startWorker<S extends StageDeclaration>(
    options: Omit<StageWorkerOptions<S>, 'queues' | 'redis' | 'prefix'>,
  ): StageWorker<S> {
    return new StageWorker({ ...options, queues: this.queues, redis: this.redis, prefix: this.prefix });
  }

  /** Listens to what happens on the belt in any process, from the moment this resolves. */
  async listen(listener: (event: PipelineEvent) => void): Promise<PipelineEvents> {
    const events = new PipelineEvents(this.pipeline, this.redis, this.prefix, listener, this.options.onError);
    this.closers.push(() => events.close());
    await events.ready();
    return events;
  }

  /** Most memory that Redis has held since it started, bytes (`used_memory_peak`): its jobs and whatever else it keeps. */
  async peakMemoryBytes(): Promise<number> {
    return Number(/used_memory_peak:(\d+)/.exec(await this.redis.info('memory'))?.[1]);
  }

  /** Workers are drained by whoever started them, before this. */
  async close(): Promise<void> {
    await Promise.all(this.closers.map((close) => close()));
    await this.queues.close();
    this.redis.disconnect();
  }
}
