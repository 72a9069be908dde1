import type { FailureRecord } from './failure.record.js';

/** A job that will not be retried, told to whoever keeps the durable record of it. */
export interface DeadLetter {
  readonly stage: string;
  /** The job's data as found; it may not fit the stage's schema. */
  readonly data: unknown;
  readonly attempts: number;
  readonly failure: FailureRecord;
}

/** One run of one job, as metrics and logs see it. */
export interface StageRun {
  readonly stage: string;
  readonly assetId: string | undefined;
  /** 1 for the first run. */
  readonly attempt: number;
  readonly durationMs: number;
  /**
   * A failed run may be followed by another attempt; a handed-back one was ended by a shutdown, a postponed one was too
   * early, and neither counts.
   */
  readonly outcome: 'completed' | 'failed' | 'handed-back' | 'postponed';
  readonly failure?: FailureRecord;
}

export interface StageWorkerHooks {
  /**
   * Called before the job becomes a dead letter; again if the process dies in between. A failure of the hook is
   * reported to onError and does not keep the job.
   */
  readonly onDeadLetter?: (letter: DeadLetter) => Promise<void>;
  /** After every run, for metrics and logs. */
  readonly onRun?: (run: StageRun) => void;
  /** Trouble outside any job: the connection, a lost lock. */
  readonly onError?: (error: Error) => void;
}
