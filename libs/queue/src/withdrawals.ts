import { type AnyPipeline, jobIdOf, type StageDeclaration } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { jobsOfStage } from './job.scan.js';
import { pauses } from './pauses.js';
import { askRedis } from './redis.answer.js';
import { EndOfRun } from './run-ends.js';
import type { StageQueues } from './stage.queues.js';

/** Where BullMQ keeps the ids of the jobs that are in a state. */
const SORTED = ['delayed', 'failed', 'prioritized'] as const;
const LISTS = ['wait', 'paused', 'active'] as const;

/**
 * What BullMQ's own removal does with a job without children, except that it tells whether there was one: 0 when not, -1
 * when a worker holds its lock. KEYS: the job, SORTED, LISTS. ARGV: the job's id.
 */
const REMOVE = `
local job, id = KEYS[1], ARGV[1]
if redis.call('exists', job) == 0 then return 0 end
if redis.call('exists', job .. ':lock') == 1 then return -1 end
for i = 2, ${1 + SORTED.length} do redis.call('zrem', KEYS[i], id) end
for i = ${2 + SORTED.length}, #KEYS do redis.call('lrem', KEYS[i], 1, id) end
redis.call('del', job, job .. ':logs')
return 1`;

/** Takes assets off the belt, wherever they are. */
export class Withdrawals {
  constructor(
    private readonly queues: StageQueues<AnyPipeline>,
    private readonly redis: Redis,
  ) {}

  /**
   * Removes every job of the asset at every stage, dead letters included. One that runs is waited for, and what it put
   * on the belt is removed too. Resolves to how many were removed. Whoever submits the asset meanwhile undoes it.
   *
   * A run whose worker is not heard of is over when its lock ends, as everywhere.
   *
   * @throws StageError QUEUE.TIMEOUT when a run does not end within twice the timeout of its stage.
   * @throws the reason of `signal` when it aborts.
   */
  async withdraw(assetId: string, signal?: AbortSignal): Promise<number> {
    const ends = new Map<string, EndOfRun>();
    const pause = pauses(signal);
    let removed = 0;
    for (;;) {
      const pass = await this.sweep(assetId);
      removed += pass.removed;
      if (pass.running === undefined) return removed;
      const end = ends.get(pass.running.name) ?? new EndOfRun(pass.running, assetId);
      ends.set(pass.running.name, end);
      end.check();
      await pause();
    }
  }

  /**
   * The same for every asset of which a job's data `concerns` says so; data that is no JSON is given as text. Jobs added
   * after the call may be missed. Resolves to how many were removed.
   */
  async withdrawWhere(concerns: (data: unknown) => boolean, signal?: AbortSignal): Promise<number> {
    let removed = 0;
    for (const stage of this.stages()) {
      const prefix = this.queues.queue(stage.name).toKey(jobIdOf(stage, ''));
      for await (const { assetId, data } of jobsOfStage(this.redis, prefix)) {
        signal?.throwIfAborted();
        if (concerns(data)) removed += await this.withdraw(assetId, signal);
      }
    }
    return removed;
  }

  /**
   * Asks in the order of the stages: an asset only moves forward, and its next job is there before the last one goes.
   * So a pass that meets no running job leaves none behind.
   */
  private async sweep(assetId: string): Promise<{ removed: number; running?: StageDeclaration }> {
    let removed = 0;
    let running: StageDeclaration | undefined;
    for (const stage of this.stages()) {
      switch (await this.remove(stage, assetId)) {
        case 'removed':
          removed += 1;
          break;
        case 'running':
          running ??= stage;
          break;
        case 'absent':
          break;
      }
    }
    return { removed, ...(running && { running }) };
  }

  private async remove(stage: StageDeclaration, assetId: string): Promise<'removed' | 'running' | 'absent'> {
    const queue = this.queues.queue(stage.name);
    const jobId = jobIdOf(stage, assetId);
    const keys = [jobId, ...SORTED, ...LISTS].map((name) => queue.toKey(name));
    const removed = await askRedis(this.redis, () => this.redis.eval(REMOVE, keys.length, ...keys, jobId));
    if (removed === 0) return 'absent';
    return removed === 1 ? 'removed' : 'running';
  }

  private stages(): readonly StageDeclaration[] {
    const { order, stages } = this.queues.pipeline;
    return order.map((name) => stages[name]!);
  }
}
