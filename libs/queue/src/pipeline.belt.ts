import type { AnyPipeline, StageDeclaration } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { AttemptLog } from './attempts/attempt.log.js';
import { ChannelBells } from './bells/channel.bells.js';
import { rewriteAppendOnlyLog } from './append-only.log.js';
import { EventLog } from './events/event.log.js';
import type { EventLogOptions } from './events/logged-event.js';
import { JobCensus } from './job.census.js';
import { LaneGate } from './lanes/lane.gate.js';
import { OnceStore } from './once.store.js';
import { type EventsOptions, PipelineEvents, type PipelineEvent } from './pipeline.events.js';
import { Places } from './places/places.js';
import { RateLimits } from './rate.limits.js';
import {
  connectProducer,
  connectService,
  connectWorker,
  DEFAULT_PREFIX,
  type QueueConnection,
} from './redis.connection.js';
import { Revisions } from './revisions.js';
import { RedisLease } from './redis.lease.js';
import { runsOfNowEnded } from './run-ends.js';
import { StageQueues } from './stage.queues.js';
import { StageWorker, type StageWorkerOptions } from './stage.worker.js';
import { Withdrawals } from './withdrawals.js';

export interface BeltOptions extends QueueConnection {
  /** Trouble with the connection; Redis is reconnected by itself. */
  readonly onError: (error: Error) => void;
  /** Redis answers, for the first time or again. */
  readonly onReady?: () => void;
  /** How much the log of events keeps, the same for every program on it: whoever appends trims. */
  readonly events?: EventLogOptions;
  /** Of the process, where it has several belts. Default: one of this belt's own. */
  readonly gate?: LaneGate;
}

/**
 * How a program meets a Redis that is away. `worker`: waits for ever. `producer`: does not start, and fails at once
 * later. `service`: starts, and fails at once.
 */
export type BeltRole = 'worker' | 'producer' | 'service';

/** What the belts of one Redis share. */
interface Shared {
  readonly redis: Redis;
  readonly prefix: string;
  readonly onError: (error: Error) => void;
  readonly eventLog: EventLog;
  readonly gate: LaneGate;
  readonly bells: ChannelBells;
}

/** A pipeline on one Redis: its queues, its workers in this process, its events, and what else is kept in step there. */
export class PipelineBelt<P extends AnyPipeline = AnyPipeline> {
  readonly queues: StageQueues<P>;
  readonly withdrawals: Withdrawals;
  readonly census: JobCensus<P>;
  readonly lease: RedisLease;
  readonly limits: RateLimits;
  readonly once: OnceStore;
  readonly places: Places;
  readonly attempts: AttemptLog;
  readonly revisions: Revisions;
  readonly eventLog: EventLog;
  /** Who has somebody waiting passes it, and the bulk work of this process is held back. */
  readonly gate: LaneGate;
  private readonly closers: (() => Promise<void>)[] = [];

  private constructor(
    readonly pipeline: P,
    private readonly shared: Shared,
    private readonly disconnect: () => void,
  ) {
    const { redis, prefix, eventLog, gate } = shared;
    this.queues = new StageQueues(pipeline, redis, prefix);
    this.withdrawals = new Withdrawals(this.queues, redis);
    this.census = new JobCensus(this.queues, redis);
    this.lease = new RedisLease(redis, prefix);
    this.limits = new RateLimits(redis, prefix);
    this.once = new OnceStore(redis, prefix);
    this.places = new Places(redis, prefix);
    this.attempts = new AttemptLog(redis, prefix);
    this.revisions = new Revisions(redis, prefix);
    this.eventLog = eventLog;
    this.gate = gate;
  }

  /** @throws UsageError when Redis does not answer and the belt is a producer's. */
  static async open<P extends AnyPipeline>(
    pipeline: P,
    role: BeltRole,
    options: BeltOptions,
  ): Promise<PipelineBelt<P>> {
    const redis = await connect(role, options);
    if (options.onReady !== undefined) redis.on('ready', options.onReady);
    const { prefix = DEFAULT_PREFIX, onError, gate = new LaneGate() } = options;
    const bells = new ChannelBells(redis);
    const eventLog = new EventLog(redis, prefix, options.events, bells);
    return new PipelineBelt(pipeline, { redis, prefix, onError, eventLog, gate, bells }, () => {
      bells.end();
      redis.disconnect();
    });
  }

  /** Another table of stages over the same connection and under the same prefix. Closing this belt closes it. */
  alongside<Q extends AnyPipeline>(pipeline: Q): PipelineBelt<Q> {
    const belt = new PipelineBelt(pipeline, this.shared, () => undefined);
    this.closers.push(() => belt.close());
    return belt;
  }

  /** Whether there is a connection now. Who answers somebody that waits asks this first. */
  get connected(): boolean {
    return this.shared.redis.status === 'ready';
  }

  /** Rejects at once while there is no connection: a question that waits in line for Redis is no health check. */
  async ping(): Promise<void> {
    if (!this.connected) throw new Error('there is no connection');
    await this.shared.redis.ping();
  }

  startWorker<S extends StageDeclaration>(
    options: Omit<StageWorkerOptions<S>, 'queues' | 'redis' | 'prefix' | 'gate' | 'bells'>,
  ): StageWorker<S> {
    const { redis, prefix, gate, bells } = this.shared;
    return new StageWorker({ ...options, queues: this.queues, redis, prefix, gate, bells });
  }

  /**
   * Resolves when every run of the stage that is under way now, in whichever process, has ended. Runs that begin later
   * are not waited for.
   *
   * @throws StageError QUEUE.TIMEOUT when one does not end within twice the timeout of the stage.
   */
  async settled(stage: keyof P['stages'] & string, signal?: AbortSignal): Promise<void> {
    const declaration = this.pipeline.stages[stage]!;
    await runsOfNowEnded(this.shared.redis, this.queues.queue(stage), declaration, signal);
  }

  /** Listens to what happens on the belt in any process, from the moment this resolves. */
  async listen(listener: (event: PipelineEvent) => void, options?: EventsOptions): Promise<PipelineEvents> {
    const { redis, prefix, onError } = this.shared;
    const events = new PipelineEvents(this.pipeline, redis, prefix, listener, onError, options);
    this.closers.push(() => events.close());
    await events.ready();
    return events;
  }

  /** See rewriteAppendOnlyLog. */
  async rewriteLog(): Promise<boolean> {
    return rewriteAppendOnlyLog(this.shared.redis);
  }

  /** Most memory that Redis has held since it started, bytes (`used_memory_peak`): its jobs and whatever else it keeps. */
  async peakMemoryBytes(): Promise<number> {
    return Number(/used_memory_peak:(\d+)/.exec(await this.shared.redis.info('memory'))?.[1]);
  }

  /** Workers are drained by whoever started them, before this. */
  async close(): Promise<void> {
    await Promise.all(this.closers.map((close) => close()));
    await this.queues.close();
    this.disconnect();
  }
}

async function connect(role: BeltRole, { onError, ...connection }: BeltOptions): Promise<Redis> {
  switch (role) {
    case 'worker':
      return connectWorker(connection, onError);
    case 'producer':
      return connectProducer(connection, onError);
    case 'service':
      return connectService(connection, onError);
  }
}
