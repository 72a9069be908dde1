import {
  type AnyPipeline,
  queueNameOf,
  retryDelayMs,
  StageError,
  type StageDeclaration,
  type StageHandler,
  toStageError,
} from '@facelane/contracts';
import { type Job, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { type FailureRecord, failureRecordOf, parseFailedReason, toQueueError } from './failure.record.js';
import { JobInvalidError } from './job-invalid.error.js';
import { HandBackSignal, JobRun } from './job.run.js';
import type { QueuedAsset, StageQueues } from './stage.queues.js';

/** A worker may die this often on one job before the job is taken for its killer. */
const MAX_STALLED = 10;

/** A job that will not be retried, told to whoever keeps the durable record of it. */
export interface DeadLetter {
  readonly stage: string;
  /** The job's data as found; it may not fit the stage's schema. */
  readonly data: unknown;
  readonly attempts: number;
  readonly failure: FailureRecord;
}

export interface StageWorkerHooks {
  /** Called before the job becomes a dead letter. A failure of the hook is reported to onError. */
  readonly onDeadLetter?: (letter: DeadLetter) => Promise<void>;
  /** After every run, for metrics and logs. */
  readonly onRun?: (run: StageRun) => void;
  /** Trouble outside any job: the connection, a lost lock. */
  readonly onError?: (error: Error) => void;
}

export interface StageRun {
  readonly stage: string;
  readonly assetId: string | undefined;
  readonly attempt: number;
  readonly durationMs: number;
  readonly outcome: 'completed' | 'failed' | 'handed-back';
  readonly failure?: FailureRecord;
}

/** What an operator may turn per worker process; the declaration says the rest. */
export type StageTuning = Partial<Pick<StageDeclaration, 'concurrency' | 'lockMs' | 'timeoutMs'>>;

export interface StageWorkerOptions<S extends StageDeclaration> extends StageWorkerHooks {
  readonly stage: S;
  readonly handler: StageHandler<S>;
  /** Where the next hop goes. */
  readonly queues: StageQueues<AnyPipeline>;
  readonly redis: Redis;
  readonly prefix: string;
  readonly tuning?: StageTuning;
}

/** Runs one stage: parse, run, next hop, and what is to become of a failure. */
export class StageWorker<S extends StageDeclaration> {
  private readonly worker: Worker;
  private readonly stage: StageDeclaration;
  private readonly runs = new Set<JobRun>();

  constructor(private readonly options: StageWorkerOptions<S>) {
    this.stage = { ...options.stage, ...options.tuning };
    this.worker = new Worker(queueNameOf(this.stage), (job, token) => this.process(job, token), {
      connection: options.redis,
      prefix: options.prefix,
      concurrency: this.stage.concurrency,
      lockDuration: this.stage.lockMs,
      stalledInterval: Math.max(500, Math.round(this.stage.lockMs / 2)),
      maxStalledCount: MAX_STALLED,
      settings: { backoffStrategy: (attemptsMade, _type, error) => this.delay(attemptsMade, error) },
    });
    this.worker.on('error', (error) => options.onError?.(error));
    this.worker.on('failed', (job, error) => void this.reportStalled(job, error));
  }

  async ready(): Promise<void> {
    await this.worker.waitUntilReady();
  }

  /** Stops taking jobs, lets those in flight finish, and hands back what is not done after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    await this.worker.pause(true);
    const deadline = setTimeout(() => {
      for (const run of this.runs) run.handBack();
    }, graceMs);
    try {
      await this.worker.close();
    } finally {
      clearTimeout(deadline);
    }
  }

  private async process(job: Job<unknown>, token: string | undefined): Promise<unknown> {
    const started = performance.now();
    const run = new JobRun(this.stage);
    this.runs.add(run);
    const report = (outcome: StageRun['outcome'], failure?: FailureRecord): void =>
      this.options.onRun?.({
        stage: this.stage.name,
        assetId: assetIdOf(job.data),
        attempt: job.attemptsMade + 1,
        durationMs: performance.now() - started,
        outcome,
        ...(failure && { failure }),
      });
    try {
      const output = await run.race((signal) => this.runHandler(job, signal));
      report('completed');
      return output;
    } catch (error) {
      if (error instanceof HandBackSignal) {
        report('handed-back');
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const failure = failureRecordOf(toStageError(error));
      report('failed', failure);
      await this.bury(job, toStageError(error), failure);
      throw toQueueError(error);
    } finally {
      this.runs.delete(run);
    }
  }

  private async runHandler(job: Job<unknown>, signal: AbortSignal): Promise<unknown> {
    const input = this.stage.input.safeParse(job.data);
    if (!input.success) throw new JobInvalidError(this.stage.name, input.error);
    const returned: unknown = await this.options.handler(input.data as never, {
      signal,
      attempt: job.attemptsMade + 1,
    });
    const output = this.stage.output.safeParse(returned);
    if (!output.success) {
      throw new StageError('QUEUE.OUTPUT_INVALID', `Stage ${this.stage.name} returned what it may not.`, {
        cause: output.error,
      });
    }
    // The next hop is on the belt before this job is done: a crash between the two repeats work and loses none.
    if (this.stage.next !== null) {
      await this.options.queues.enqueue(this.stage.next, [output.data as QueuedAsset]);
      return undefined;
    }
    return output.data;
  }

  /** Tells the durable record, when this failure is the job's last. */
  private async bury(job: Job<unknown>, error: StageError, failure: FailureRecord): Promise<void> {
    const attempts = job.attemptsMade + 1;
    if (error.retry !== 'never' && attempts < (job.opts.attempts ?? 1)) return;
    await this.tellDeadLetter({ stage: this.stage.name, data: job.data, attempts, failure });
  }

  /** A job that killed its workers fails in the stalled check, outside any run of ours. */
  private async reportStalled(job: Job<unknown> | undefined, error: Error): Promise<void> {
    if (job === undefined || !error.message.includes('stalled')) return;
    const failure = parseFailedReason(error.message) as FailureRecord;
    await this.tellDeadLetter({ stage: this.stage.name, data: job.data, attempts: job.attemptsStarted, failure });
  }

  private async tellDeadLetter(letter: DeadLetter): Promise<void> {
    try {
      await this.options.onDeadLetter?.(letter);
    } catch (error) {
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private delay(attemptsMade: number, error: Error | undefined): number {
    const cause = error?.cause;
    if (cause instanceof StageError && typeof cause.retry === 'object') return cause.retry.afterMs;
    return retryDelayMs(this.stage.retry, attemptsMade);
  }
}

function assetIdOf(data: unknown): string | undefined {
  const id = typeof data === 'object' && data !== null ? (data as { assetId?: unknown }).assetId : undefined;
  return typeof id === 'string' ? id : undefined;
}
