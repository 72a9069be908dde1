import { type AnyPipeline, queueNameOf } from '@facelane/contracts';
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';

export interface PipelineEvent {
  readonly stage: string;
  readonly assetId: string;
  readonly outcome: 'completed' | 'failed';
  /** Whether the asset's way through the pipeline ends here. */
  readonly final: boolean;
}

/** What happens on the belt, in whichever process it happens. Only what comes after `ready` is seen. */
export class PipelineEvents {
  private readonly streams: readonly QueueEvents[];

  constructor(
    pipeline: AnyPipeline,
    redis: Redis,
    prefix: string,
    listener: (event: PipelineEvent) => void,
    onError: (error: Error) => void,
  ) {
    this.streams = Object.values(pipeline.stages).map((stage) => {
      const stream = new QueueEvents(queueNameOf(stage), { connection: redis.duplicate(), prefix });
      const assetId = (jobId: string): string => jobId.slice(stage.name.length + 1);
      stream.on('error', onError);
      stream.on('completed', ({ jobId }) =>
        listener({ stage: stage.name, assetId: assetId(jobId), outcome: 'completed', final: stage.next === null }),
      );
      stream.on('failed', ({ jobId }) =>
        listener({ stage: stage.name, assetId: assetId(jobId), outcome: 'failed', final: true }),
      );
      return stream;
    });
  }

  async ready(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.waitUntilReady()));
  }

  async close(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.close()));
  }
}
