import { type AnyPipeline, jobIdOf, queueNameOf, type Lane, type StageDeclaration } from '@facelane/contracts';
import { type Job, type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { JobInvalidError } from './job-invalid.error.js';

/** What every job of the pipeline carries; the stage's own schema says the rest. */
export interface QueuedAsset {
  readonly assetId: string;
  readonly lane: Lane;
}

/** BullMQ forbids a colon in a job id. */
const queuedAssetSchema = z.looseObject({
  assetId: z.string().regex(/^[^:]+$/, 'an asset id has at least one character and no colon'),
  lane: z.enum(['interactive', 'bulk']),
}) satisfies z.ZodType<QueuedAsset>;

/** Name of the retry schedule that stage workers apply (see stage.worker.ts). */
const STAGE_BACKOFF = 'stage';

/** Bulk work queues behind all work without a priority, which is how interactive work is added. */
const BULK_PRIORITY = 10;

/** Kept short: a reader that falls further behind asks the book itself (see pipeline.events.ts). */
const EVENTS_KEPT = 10_000;

/**
 * Removes those of the named jobs that are dead letters, and no others. One script, so that a job which another
 * process has just revived is not taken away from it.
 */
const REMOVE_DEAD = `
for _, id in ipairs(ARGV) do
  if redis.call('zrem', KEYS[1], id) == 1 then redis.call('del', KEYS[2] .. id, KEYS[2] .. id .. ':logs') end
end`;

/** The producing side: puts assets on the belt, each at most once per stage. */
export class StageQueues<P extends AnyPipeline> {
  private readonly queues: ReadonlyMap<string, Queue>;

  constructor(
    readonly pipeline: P,
    private readonly redis: Redis,
    prefix: string,
  ) {
    this.queues = new Map(
      Object.values(pipeline.stages).map((stage) => {
        const queue = new Queue(queueNameOf(stage), {
          connection: redis,
          prefix,
          streams: { events: { maxLen: EVENTS_KEPT } },
        });
        // The owner of the connection hears of its troubles; without a listener BullMQ would print them.
        queue.on('error', () => undefined);
        return [stage.name, queue];
      }),
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
    inputs: readonly (z.input<P['stages'][K]['input']> & QueuedAsset)[],
  ): Promise<void> {
    await this.enqueue(stageName, inputs);
  }

  /** The same for a stage known only at run time, as the next hop is. */
  async enqueue(stageName: string, inputs: readonly QueuedAsset[]): Promise<void> {
    const stage = this.stage(stageName);
    const queue = this.queue(stageName);
    const jobs = inputs.map((input) => jobOf(stage, input));
    if (jobs.length === 0) return;
    const ids = jobs.map(({ opts }) => opts.jobId);
    const failed = queue.toKey('failed');
    // Issued in the same tick on one connection, in one round trip. A dead letter in the way is the exception, so it is
    // only looked for here; the script that removes it costs as much as the add itself.
    const [scores] = await Promise.all([
      this.redis.zmscore(failed, ids),
      jobs.length === 1 ? queue.add(jobs[0]!.name, jobs[0]!.data, jobs[0]!.opts) : queue.addBulk(jobs),
    ]);
    const blocked = jobs.filter((_, i) => typeof scores[i] === 'string');
    if (blocked.length === 0) return;
    await Promise.all([
      this.redis.eval(REMOVE_DEAD, 2, failed, queue.toKey(''), ...blocked.map(({ opts }) => opts.jobId)),
      queue.addBulk(blocked),
    ]);
  }

  /** Puts a dead letter back to the start of its attempts. False when it is a dead letter no longer. */
  async revive(stageName: string, job: Job): Promise<boolean> {
    const queue = this.queue(stageName);
    const jobId = job.id ?? '';
    // BullMQ resets the attempts, but not how often workers died on the job.
    await this.redis.hdel(queue.toKey(jobId), 'stc');
    try {
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      return true;
    } catch (error) {
      if ((await queue.getJobState(jobId)) === 'failed') throw error;
      return false;
    }
  }

  /**
   * Whether a job of the asset is waiting or running at any stage; dead letters do not count. Asked in the order of
   * the stages: an asset only moves forward, and its next job is there before the last one goes.
   */
  async carries(assetId: string): Promise<boolean> {
    for (const name of this.pipeline.order) {
      const state = await this.queue(name).getJobState(jobIdOf(this.stage(name), assetId));
      if (state !== 'unknown' && state !== 'failed' && state !== 'completed') return true;
    }
    return false;
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

/** The belt carries what goes into the schema, so that a worker which parses it gets what comes out. */
function jobOf(
  stage: StageDeclaration,
  input: QueuedAsset,
): { name: string; data: QueuedAsset; opts: JobsOptions & { jobId: string } } {
  for (const schema of [queuedAssetSchema, stage.input]) {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new JobInvalidError(stage.name, parsed.error);
  }
  return {
    name: stage.name,
    data: input,
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
