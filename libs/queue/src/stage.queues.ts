import {
  type AnyPipeline,
  jobIdOf,
  queueNameOf,
  type Lane,
  type StageDeclaration,
  type StageInput,
} from '@facelane/contracts';
import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { JobInvalidError } from './job-invalid.error.js';

/** What every job of the pipeline carries; the stage's own schema says the rest. */
export interface QueuedAsset {
  readonly assetId: string;
  readonly lane: Lane;
}

/** Name of the retry schedule that stage workers apply (see stage.worker.ts). */
export const STAGE_BACKOFF = 'stage';

/** Bulk work queues behind all work without a priority, which is how interactive work is added. */
const BULK_PRIORITY = 10;

/** Kept short: a reader that falls further behind asks the queue itself. */
const EVENTS_KEPT = 10_000;

/** The producing side: puts assets on the belt, each at most once per stage. */
export class StageQueues<P extends AnyPipeline> {
  private readonly queues: ReadonlyMap<string, Queue>;

  constructor(
    readonly pipeline: P,
    private readonly redis: Redis,
    prefix: string,
  ) {
    this.queues = new Map(
      Object.values(pipeline.stages).map((stage) => [
        stage.name,
        new Queue(queueNameOf(stage), {
          connection: redis,
          prefix,
          streams: { events: { maxLen: EVENTS_KEPT } },
        }),
      ]),
    );
  }

  queue(stageName: string): Queue {
    const queue = this.queues.get(stageName);
    if (queue === undefined) throw new TypeError(`The pipeline has no stage "${stageName}".`);
    return queue;
  }

  /**
   * Adds one job per input, or leaves the one that is there. A dead letter with the same id gives way: adding an
   * asset again is how it is tried again.
   *
   * @throws JobInvalidError when an input does not fit the stage; nothing is added then.
   */
  async add<K extends keyof P['stages'] & string>(
    stageName: K,
    inputs: readonly StageInput<P['stages'][K]>[],
  ): Promise<void> {
    await this.enqueue(stageName, inputs as readonly QueuedAsset[]);
  }

  /** The same for a stage known only at run time, as the next hop is. */
  async enqueue(stageName: string, inputs: readonly QueuedAsset[]): Promise<void> {
    const stage = this.stage(stageName);
    const queue = this.queue(stageName);
    const jobs = inputs.map((input) => jobOf(stage, input));
    const failedKey = queue.toKey('failed');
    // Issued in the same tick, so both travel in one round trip.
    const [dead] = await Promise.all([
      Promise.all(jobs.map(({ opts }) => this.redis.zscore(failedKey, opts.jobId))),
      jobs.length === 1 ? queue.add(jobs[0]!.name, jobs[0]!.data, jobs[0]!.opts) : queue.addBulk(jobs),
    ]);
    const revived = jobs.filter((_, i) => dead[i] !== null);
    if (revived.length === 0) return;
    await Promise.all(revived.map(({ opts }) => queue.remove(opts.jobId)));
    await queue.addBulk(revived);
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private stage(stageName: string): StageDeclaration {
    const stage = this.pipeline.stages[stageName];
    if (stage === undefined) throw new TypeError(`The pipeline has no stage "${stageName}".`);
    return stage;
  }
}

function jobOf(
  stage: StageDeclaration,
  input: QueuedAsset,
): { name: string; data: unknown; opts: JobsOptions & { jobId: string } } {
  const parsed = stage.input.safeEncode(input);
  if (!parsed.success) throw new JobInvalidError(stage.name, parsed.error);
  return {
    name: stage.name,
    data: parsed.data,
    opts: {
      jobId: jobIdOf(stage, input.assetId),
      attempts: stage.retry.attempts,
      backoff: { type: STAGE_BACKOFF },
      // A finished job leaves its id free, so that the asset can be submitted again; a failed one stays as dead letter.
      removeOnComplete: true,
      removeOnFail: false,
      stackTraceLimit: 1,
      ...(input.lane === 'bulk' && { priority: BULK_PRIORITY }),
    },
  };
}
