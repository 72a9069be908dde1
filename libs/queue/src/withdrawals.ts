import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyPipeline, jobIdOf, StageError, type StageDeclaration } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { jobsOfStage } from './job.scan.js';
import { askRedis } from './redis.answer.js';
import type { StageQueues } from './stage.queues.js';

/** Pause before a running job is looked at again, in milliseconds; doubles with every look. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** A run ends at its stage's timeout at the latest; this many of them are time enough for its end to be written. */
const TIMEOUTS = 2;

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
    const seenRunning = new Map<string, number>();
    let removed = 0;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const pass = await this.sweep(assetId);
      removed += pass.removed;
      if (pass.running === undefined) return removed;
      requirePatience(pass.running, assetId, seenRunning);
      await sleep(pauseMs, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
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
    return askRedis(this.redis, async () => {
      if ((await this.redis.exists(queue.toKey(jobId))) === 0) return 'absent';
      // BullMQ refuses a job that a worker holds the lock of.
      return (await queue.remove(jobId, { removeChildren: false })) === 1 ? 'removed' : 'running';
    });
  }

  private stages(): readonly StageDeclaration[] {
    const { order, stages } = this.queues.pipeline;
    return order.map((name) => stages[name]!);
  }
}

function requirePatience({ name, timeoutMs }: StageDeclaration, assetId: string, since: Map<string, number>): void {
  const now = performance.now();
  const first = since.get(name) ?? now;
  since.set(name, first);
  const limitMs = TIMEOUTS * timeoutMs;
  if (now - first <= limitMs) return;
  throw new StageError('QUEUE.TIMEOUT', `Stage ${name} did not end its work on ${assetId} within ${limitMs} ms.`, {
    safeDetails: { stage: name, limitMs },
  });
}
