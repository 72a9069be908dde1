import {
  type AnyPipeline,
  type Lane,
  Postponement,
  queueNameOf,
  retryDelayMs,
  StageError,
  type StageDeclaration,
  type StageHandler,
  toStageError,
} from '@facelane/contracts';
import { DelayedError, type Job, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ChannelBells } from './bells/channel.bells.js';
import { failureRecordOf, toQueueError } from './failure.record.js';
import { HandBackSignal, JobRun } from './job.run.js';
import type { LaneGate } from './lanes/lane.gate.js';
import { LenientWorker } from './lenient.worker.js';
import { duplicateForWorker } from './redis.connection.js';
import type { StageRun, StageWorkerHooks } from './stage.hooks.js';
import type { StageQueues } from './stage.queues.js';
import { StageStep } from './stage.step.js';
import { UrgentBell } from './lanes/urgent.bell.js';
import { UrgentRuns } from './lanes/urgent.runs.js';

/** How long a shutdown waits for Redis to take back the jobs that did not finish within the grace, milliseconds. */
const HAND_BACK_MS = 5_000;

/** Wait before a command that failed for want of a connection is tried again, milliseconds. */
const RECONNECT_DELAY_MS = 1_000;

/** What an operator may turn per worker process; the declaration says the rest. */
export type StageTuning = Partial<Pick<StageDeclaration, 'concurrency' | 'lockMs' | 'timeoutMs'>>;

export interface StageWorkerOptions<S extends StageDeclaration> extends StageWorkerHooks {
  readonly stage: S;
  readonly handler: StageHandler<S>;
  /** Where the next hop goes. */
  readonly queues: StageQueues<AnyPipeline>;
  /** The worker makes connections like this one for itself; this one stays the caller's. */
  readonly redis: Redis;
  readonly prefix: string;
  /** Of this process. */
  readonly gate: LaneGate;
  readonly bells: ChannelBells;
  readonly tuning?: StageTuning;
}

/** Runs one stage in this process: takes its jobs, keeps their locks, and says what is to become of a failure. */
export class StageWorker<S extends StageDeclaration> {
  private readonly worker: LenientWorker;
  private readonly redis: Redis;
  private readonly stage: StageDeclaration;
  private readonly step: StageStep;
  private readonly runs = new Set<JobRun>();
  private readonly urgent: UrgentRuns;
  private readonly bell: UrgentBell;
  private draining: Promise<void> | undefined;

  constructor(private readonly options: StageWorkerOptions<S>) {
    this.stage = { ...options.stage, ...options.tuning };
    this.step = new StageStep(this.stage, options.handler, options.queues);
    this.redis = duplicateForWorker(options.redis);
    this.worker = new LenientWorker(queueNameOf(this.stage), (job, token) => this.process(job, token), {
      connection: this.redis,
      prefix: options.prefix,
      concurrency: this.stage.concurrency,
      lockDuration: this.stage.lockMs,
      stalledInterval: Math.max(500, Math.round(this.stage.lockMs / 2)),
      // Jobs that kill their workers are found by StageStep, so that they are reported like any other dead letter.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: RECONNECT_DELAY_MS,
      settings: { backoffStrategy: (attemptsMade, _type, error) => this.delay(attemptsMade, error) },
    });
    this.worker.on('error', (error) => options.onError?.(error));
    const queue = options.queues.queue(this.stage.name);
    this.urgent = new UrgentRuns({
      worker: this.worker,
      isFull: () => this.draining === undefined && this.runs.size >= this.stage.concurrency,
      waiting: () => queue.getWaitingCount(),
      onError: (error) => this.report(error),
    });
    this.bell = new UrgentBell(options.bells, options.prefix, this.stage, this.urgent.take);
  }

  /** Resolves when Redis has answered; waits for ever while it is away. */
  async ready(): Promise<void> {
    await this.worker.waitUntilReady();
  }

  /**
   * Stops taking jobs, lets those in flight finish, and hands back what is not done after `graceMs`. Returns at the
   * latest HAND_BACK_MS later: jobs that Redis did not take back by then go to another worker when their lock ends.
   */
  async drain(graceMs: number): Promise<void> {
    this.draining ??= this.stop(graceMs);
    await this.draining;
  }

  private async stop(graceMs: number): Promise<void> {
    // Only a flag of this process: it takes no job any more.
    await this.worker.pause(true);
    this.bell.close();
    const gaveUp = Promise.withResolvers<undefined>();
    const timers = [
      setTimeout(() => {
        for (const run of this.runs) run.handBack();
      }, graceMs),
      setTimeout(() => {
        this.options.onError?.(
          new Error(`Redis did not answer while stage ${this.stage.name} shut down; its jobs wait for their locks.`),
        );
        gaveUp.resolve(undefined);
      }, graceMs + HAND_BACK_MS),
    ];
    try {
      // A closing worker would not tell Redis how they ended.
      await Promise.race([this.urgent.ended().then(() => this.worker.close()), gaveUp.promise]);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      this.redis.disconnect();
      void this.worker.getBackend().close(true);
    }
  }

  private async process(job: Job<unknown>, token: string | undefined): Promise<unknown> {
    const started = performance.now();
    const report = (outcome: Pick<StageRun, 'outcome' | 'failure'>): void =>
      this.options.onRun?.({
        stage: this.stage.name,
        assetId: assetIdOf(job.data),
        attempt: job.attemptsMade + 1,
        durationMs: performance.now() - started,
        ...outcome,
      });
    const run = new JobRun(this.stage);
    this.runs.add(run);
    // Fetched while the shutdown began.
    if (this.draining !== undefined) run.handBack();
    try {
      const output = await run.race((signal) => this.inLane(job, () => this.step.run(job, signal)));
      report({ outcome: 'completed' });
      return output;
    } catch (error) {
      if (error instanceof HandBackSignal) {
        report({ outcome: 'handed-back' });
        throw await this.handBack(job, token);
      }
      if (error instanceof Postponement) {
        report({ outcome: 'postponed' });
        throw await this.postpone(job, token, error);
      }
      const stageError = toStageError(error);
      report({ outcome: 'failed', failure: failureRecordOf(stageError) });
      await this.bury(job, token, stageError);
      throw toQueueError(stageError);
    } finally {
      this.runs.delete(run);
    }
  }

  private async inLane(job: Job<unknown>, work: () => Promise<unknown>): Promise<unknown> {
    return this.stage.waitsElsewhere === true ? work() : this.options.gate.pass(laneOf(job.data), work);
  }

  /** Puts the job back in front of its lane. What Redis does not take back now is another worker's when the lock ends. */
  private async handBack(job: Job<unknown>, token: string | undefined): Promise<WaitingError> {
    await job.moveToWait(token).catch((error: unknown) => this.report(error));
    return new WaitingError();
  }

  /** Puts the job back until later, with the attempts that it had. */
  private async postpone(
    job: Job<unknown>,
    token: string | undefined,
    { afterMs }: Postponement,
  ): Promise<DelayedError> {
    await job.moveToDelayed(Date.now() + afterMs, token).catch((error: unknown) => this.report(error));
    return new DelayedError();
  }

  /** Tells the durable record, when this failure is the job's last and the job is still ours. */
  private async bury(job: Job<unknown>, token: string | undefined, error: StageError): Promise<void> {
    const attempts = job.attemptsMade + 1;
    if (error.retry !== 'never' && attempts < (job.opts.attempts ?? 1)) return;
    try {
      if ((await job.extendLock(token ?? '', this.stage.lockMs)) === 0) return;
      await this.options.onDeadLetter?.({
        stage: this.stage.name,
        data: job.data,
        attempts,
        failure: failureRecordOf(error),
      });
    } catch (failure) {
      this.report(failure);
    }
  }

  private report(error: unknown): void {
    this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
  }

  private delay(attemptsMade: number, error: Error | undefined): number {
    const cause = error?.cause;
    if (cause instanceof StageError && typeof cause.retry === 'object') return cause.retry.afterMs;
    return retryDelayMs(this.stage.retry, attemptsMade);
  }
}

/** A job that cannot be read is dead in a moment: nobody is held back for it. */
function laneOf(data: unknown): Lane {
  const interactive = typeof data === 'object' && data !== null && (data as { lane?: unknown }).lane === 'interactive';
  return interactive ? 'interactive' : 'bulk';
}

function assetIdOf(data: unknown): string | undefined {
  const id = typeof data === 'object' && data !== null ? (data as { assetId?: unknown }).assetId : undefined;
  return typeof id === 'string' ? id : undefined;
}
