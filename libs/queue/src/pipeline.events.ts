import { type AnyPipeline, queueNameOf, type StageDeclaration } from '@facelane/contracts';
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { duplicateForWorker } from './redis.connection.js';

export interface PipelineEvent {
  readonly stage: string;
  readonly assetId: string;
  readonly outcome: 'completed' | 'failed';
  /** Whether the asset's way through the pipeline ends here. */
  readonly final: boolean;
}

/**
 * What happens on the belt, in whichever process it happens. Everything that comes after `ready` is seen, across
 * reconnections too.
 *
 * A convenience, not the book: Redis keeps about the last 10 000 events of a stage, so a reader that falls further
 * behind misses the oldest without notice. Who must know asks the result documents when it has been quiet.
 */
export class PipelineEvents {
  private readonly redis: Redis;
  private streams: readonly QueueEvents[] = [];

  constructor(
    private readonly pipeline: AnyPipeline,
    redis: Redis,
    private readonly prefix: string,
    private readonly listener: (event: PipelineEvent) => void,
    private readonly onError: (error: Error) => void,
  ) {
    this.redis = duplicateForWorker(redis);
  }

  async ready(): Promise<void> {
    this.streams = await Promise.all(Object.values(this.pipeline.stages).map((stage) => this.follow(stage)));
    await Promise.all(this.streams.map((stream) => stream.waitUntilReady()));
  }

  async close(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.close()));
    this.redis.disconnect();
  }

  private async follow(stage: StageDeclaration): Promise<QueueEvents> {
    const name = queueNameOf(stage);
    // From the last event there is now: BullMQ's default begins whenever its first read reaches Redis, which is later.
    const [last] = await this.redis.xrevrange(`${this.prefix}:${name}:events`, '+', '-', 'COUNT', 1);
    const stream = new QueueEvents(name, {
      connection: this.redis,
      prefix: this.prefix,
      lastEventId: last?.[0] ?? '0-0',
    });
    const tell = (jobId: string, outcome: PipelineEvent['outcome'], final: boolean): void =>
      this.listener({ stage: stage.name, assetId: jobId.slice(stage.name.length + 1), outcome, final });
    stream.on('error', this.onError);
    stream.on('completed', ({ jobId }) => tell(jobId, 'completed', stage.next === null));
    stream.on('failed', ({ jobId }) => tell(jobId, 'failed', true));
    return stream;
  }
}
