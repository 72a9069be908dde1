import { type AnyPipeline, jobIdOf, queueNameOf, type StageDeclaration } from '@facelane/contracts';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { failureOfJob, type FailureRecord } from './failure.record.js';
import { askRedis } from './redis.answer.js';
import { type AddOptions, isUrgent, type QueuedAsset, type StageJob, stageJobOf } from './stage.job.js';
import { ringUrgent } from './lanes/urgent.bell.js';

/** Where an asset is on the belt. */
export interface BeltPlace {
  readonly stage: string;
  /** `delayed`: until its next attempt, or until its time. `failed`: a dead letter. */
  readonly state: 'waiting' | 'active' | 'delayed' | 'failed';
  /** The job's data as found; it may not fit the stage's schema. */
  readonly data: unknown;
}

/** BullMQ's states, in our words. A completed job is gone, and no job of ours has children. */
const STATES: Readonly<Record<string, BeltPlace['state'] | undefined>> = {
  waiting: 'waiting',
  prioritized: 'waiting',
  active: 'active',
  delayed: 'delayed',
  failed: 'failed',
};

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
  private readonly queues: Map<string, Queue>;
  /** Queues whose first connection broke before it had introduced itself: BullMQ never tries again. */
  private readonly broken = new WeakSet<Queue>();

  constructor(
    readonly pipeline: P,
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {
    this.queues = new Map(Object.values(pipeline.stages).map((stage) => [stage.name, this.open(stage)]));
  }

  queue(stageName: string): Queue {
    const queue = this.queues.get(stageName);
    if (queue === undefined) throw new TypeError(`The pipeline has no stage "${stageName}".`);
    if (!this.broken.has(queue)) return queue;
    void queue.close().catch(() => undefined);
    const again = this.open(this.stage(stageName));
    this.queues.set(stageName, again);
    return again;
  }

  /**
   * Adds one job per input, or leaves the one that is there. A dead letter with the same id gives way: adding an
   * asset again is how it is tried again.
   *
   * @throws JobInvalidError when an input does not fit the stage; nothing is added then.
   * @throws StageError QUEUE.UNAVAILABLE when Redis is away and the belt does not wait for it.
   */
  async add<K extends keyof P['stages'] & string>(
    stageName: K,
    inputs: readonly (z.input<P['stages'][K]['input']> & QueuedAsset)[],
    options?: AddOptions,
  ): Promise<void> {
    await this.enqueue(stageName, inputs, options);
  }

  /** The same for a stage known only at run time, as the next hop is. */
  async enqueue(stageName: string, inputs: readonly QueuedAsset[], options?: AddOptions): Promise<void> {
    const stage = this.stage(stageName);
    const jobs = inputs.map((input) => stageJobOf(stage, input, options));
    if (jobs.length === 0) return;
    await askRedis(this.redis, () => {
      const added = this.addJobs(this.queue(stageName), jobs);
      // Behind the addition on the same connection.
      if (jobs.some(isUrgent)) ringUrgent(this.redis, this.prefix, stage);
      return added;
    });
  }

  private async addJobs(queue: Queue, jobs: readonly StageJob[]): Promise<void> {
    const ids = jobs.map(({ opts }) => opts.jobId);
    const failed = queue.toKey('failed');
    // Issued in the same tick on one connection, in one round trip. A dead letter in the way is the exception, so it is
    // only looked for here; the script that removes it costs as much as the add itself.
    const [scores] = await Promise.all([
      this.redis.zmscore(failed, ids),
      jobs.length === 1 ? queue.add(jobs[0]!.name, jobs[0]!.data, jobs[0]!.opts) : queue.addBulk([...jobs]),
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

  /** Whether a job of the asset is waiting or running at any stage; dead letters do not count. */
  async carries(assetId: string): Promise<boolean> {
    for await (const { state } of this.states(assetId)) if (state !== 'failed') return true;
    return false;
  }

  /**
   * Where the asset is now. A job that waits or runs goes before a dead letter of an earlier run. An asset that leaves
   * a stage while it is looked at is found at a later one.
   */
  async locate(assetId: string): Promise<BeltPlace | undefined> {
    let dead: BeltPlace | undefined;
    for await (const { stage, state } of this.states(assetId)) {
      if (state === 'failed' && dead !== undefined) continue;
      const job = await this.find(stage, assetId);
      if (job === undefined) continue;
      const location = { stage, state, data: job.data as unknown };
      if (state !== 'failed') return location;
      dead = location;
    }
    return dead;
  }

  /** Why the asset's job is a dead letter of the stage; undefined when it is none. */
  async failureOf(stage: keyof P['stages'] & string, assetId: string): Promise<FailureRecord | undefined> {
    const job = await this.find(stage, assetId);
    // Between two attempts a job has a reason too.
    return typeof job?.finishedOn === 'number' ? failureOfJob(job) : undefined;
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  /**
   * The stages at which the asset has a job. Asked in the order of the stages: an asset only moves forward, and its
   * next job is there before the last one goes.
   */
  private async *states(assetId: string): AsyncGenerator<Pick<BeltPlace, 'stage' | 'state'>> {
    for (const stage of this.pipeline.order) {
      const jobId = jobIdOf(this.stage(stage), assetId);
      const state = STATES[await askRedis(this.redis, () => this.queue(stage).getJobState(jobId))];
      if (state !== undefined) yield { stage, state };
    }
  }

  private async find(stage: string, assetId: string): Promise<Job | undefined> {
    const jobId = jobIdOf(this.stage(stage), assetId);
    return askRedis(this.redis, () => this.queue(stage).getJob(jobId));
  }

  private open(stage: StageDeclaration): Queue {
    const queue = new Queue(queueNameOf(stage), {
      connection: this.redis,
      prefix: this.prefix,
      streams: { events: { maxLen: EVENTS_KEPT } },
    });
    // The owner of the connection hears of its troubles; without a listener BullMQ would print them.
    queue.on('error', () => undefined);
    queue.waitUntilReady().catch(() => this.broken.add(queue));
    return queue;
  }

  private stage(stageName: string): StageDeclaration {
    const stage = this.pipeline.stages[stageName];
    if (stage === undefined) throw new TypeError(`The pipeline has no stage "${stageName}".`);
    return stage;
  }
}
