import type { BulkJobDocument, BulkProgressDocument } from '@facelane/contracts';
import { StageError } from '@facelane/contracts';
import { Bell } from '@facelane/queue';
import { chunked } from '@facelane/registry';
import type { Logger } from '@facelane/telemetry';
import { hasEnded, type UnfinishedJob } from '../registry/bulk-jobs.registry.js';
import type { FeederDependencies, JobTuning } from './feeder.dependencies.js';
import { JobControl } from './job.control.js';
import { tellEnd } from './job.teller.js';
import { JobRunner, type RunEnd } from './job.runner.js';
import { Pauses } from './pauses.js';
import { type WindowSettings, windowsOf } from './windows.js';

/** Jobs that are looked at together. */
const LOOKED_AT_ONCE = 16;

/** A marker without a job is of somebody who is just making it, or who died over it this long ago, milliseconds. */
const ORPHANED_MS = 3_600_000;

export interface FeederOptions extends WindowSettings, JobTuning {
  readonly log: Logger;
  /** How often unfinished jobs are looked for, milliseconds. Default 3 000. */
  readonly pollMs?: number;
  /** How often the wishes of jobs that run here are read, milliseconds. Default 1 000. */
  readonly wishMs?: number;
  /** A store that has not answered for this long is left to feeders that reach it, milliseconds. Default 30 000. */
  readonly unreachableMs?: number;
  /** Jobs that run here at once. Default 50. */
  readonly maxJobs?: number;
  /** How long a stopping feeder waits for a server that is away, milliseconds. Default 20 000. */
  readonly graceMs?: number;
}

interface Running {
  readonly key: Pick<BulkJobDocument, 'tenant' | 'id'>;
  readonly control: JobControl;
  readonly abort: AbortController;
  readonly over: Promise<void>;
}

interface FoundJob {
  readonly job: BulkJobDocument;
  readonly progress: BulkProgressDocument;
}

/**
 * Runs the bulk jobs of all tenants: finds those that have not ended, takes each that no other feeder holds, and shares
 * the belt out among them. Any number of feeders may run.
 */
export class FeederService {
  private readonly running = new Map<string, Running>();
  private readonly bell = new Bell();
  private readonly killed = new AbortController();
  private readonly pauses = new Pauses();
  private stopping = false;
  private told = false;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly dependencies: FeederDependencies,
    private readonly options: FeederOptions,
  ) {}

  start(): void {
    this.options.log.info('waiting for bulk jobs');
    this.loop ??= this.run();
  }

  /** Looks for jobs now: somebody has just made or resumed one. */
  tell(): void {
    this.told = true;
    this.bell.ring();
  }

  /** Leaves off in order: what has ended is accounted for, what is on the belt stays there for the next feeder. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const { control } of this.running.values()) control.setStopped();
    this.bell.ring();
    const { graceMs = 20_000 } = this.options;
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), graceMs);
    await Promise.race([Promise.all([this.loop, ...[...this.running.values()].map(({ over }) => over)]), late.promise]);
    clearTimeout(timer);
    this.killed.abort(new Error('The feeder has stopped.'));
  }

  private async run(): Promise<void> {
    const { pollMs = 3_000, wishMs = 1_000, unreachableMs = 30_000, log } = this.options;
    let foundAt = -Infinity;
    let answeredAt = performance.now();
    while (!this.stopping) {
      try {
        if (this.told || performance.now() - foundAt >= pollMs) {
          this.told = false;
          foundAt = performance.now();
          await this.find();
        } else {
          await this.readWishes();
        }
        answeredAt = performance.now();
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'bulk jobs could not be looked for');
        if (performance.now() - answeredAt > unreachableMs) this.letGo();
      }
      if (!this.isStopping()) await this.bell.heard(wishMs);
    }
  }

  /** The loop's own view: TypeScript takes the flag for unchanged over an await. */
  private isStopping(): boolean {
    return this.stopping;
  }

  /** A job that waits here for a store that others may reach would wait for as long as Redis knows us. */
  private letGo(): void {
    const reason = new StageError('STORE.UNAVAILABLE', 'The store does not answer; another feeder may reach it.');
    for (const { abort } of this.running.values()) abort.abort(reason);
  }

  private async find(): Promise<void> {
    const active: BulkJobDocument[] = [];
    for await (const keys of chunked(this.dependencies.jobs.unfinished(), LOOKED_AT_ONCE)) {
      const found = await Promise.all(keys.map((key) => this.look(key)));
      for (const one of found) {
        if (one === undefined || this.isStopping()) continue;
        this.consider(one);
        const runs = one.progress.state === 'running' || this.running.has(one.job.id);
        if (runs && one.job.wish === 'run') active.push(one.job);
      }
    }
    // Also of jobs that other feeders hold: a tenant's window is one, wherever his jobs run.
    const windows = windowsOf(active, this.options);
    for (const [id, { control }] of this.running) {
      const window = windows.get(id);
      if (window !== undefined) control.setWindow(window);
    }
  }

  private async look(key: UnfinishedJob): Promise<FoundJob | undefined> {
    const { jobs } = this.dependencies;
    const [job, progress] = await Promise.all([jobs.find(key), jobs.findProgress(key)]);
    if (job !== undefined && progress !== undefined && !hasEnded(progress)) return { job, progress };
    // Who wrote the end did not live to tell it and take it off the list; or nobody lived to make it.
    if (job !== undefined && progress !== undefined) await tellEnd(this.dependencies, job, progress);
    else if (Date.now() - key.since.getTime() > ORPHANED_MS) await jobs.unmark(key);
    return undefined;
  }

  private consider({ job, progress }: FoundJob): void {
    const mine = this.running.get(job.id);
    if (mine !== undefined) mine.control.setWish(job.wish);
    const rests = job.wish === 'pause' && progress.state === 'paused';
    const { maxJobs = 50 } = this.options;
    if (mine !== undefined || rests || this.running.size >= maxJobs || this.pauses.has(job.id)) return;
    const control = new JobControl(job.wish, 1);
    const abort = new AbortController();
    const over = this.take(job, progress, control, abort.signal).then((ran) => {
      this.running.delete(job.id);
      // The others may have more of the belt now.
      if (ran) this.tell();
    });
    this.running.set(job.id, { key: { tenant: job.tenant, id: job.id }, control, abort, over });
  }

  private async readWishes(): Promise<void> {
    const { jobs } = this.dependencies;
    await Promise.all(
      [...this.running.values()].map(async ({ key, control }) => {
        const job = await jobs.find(key);
        if (job !== undefined) control.setWish(job.wish);
      }),
    );
  }

  /**
   * Runs the job unless another feeder has it, and returns whether it did. Never rejects: a job that cannot go on now
   * rests for a while.
   */
  private async take(
    job: BulkJobDocument,
    { fence }: BulkProgressDocument,
    control: JobControl,
    abort: AbortSignal,
  ): Promise<boolean> {
    const { log } = this.options;
    const facts = { tenant: job.tenant, job: job.id };
    try {
      const held = await this.dependencies.belt.lease.tryWith(
        `bulk-job:${job.id}`,
        (token, lost) => this.hold(job, token, control, AbortSignal.any([lost, abort, this.killed.signal])),
        { above: fence },
      );
      this.pauses.clear(job.id);
      if (held.taken && held.result !== undefined) log.info({ ...facts, end: held.result }, 'bulk job left');
      return held.taken;
    } catch (error) {
      const restMs = this.pauses.begin(job.id);
      const code = error instanceof StageError ? error.code : 'QUEUE.UNEXPECTED';
      log.warn({ ...facts, code, reason: messageOf(error), restMs }, 'bulk job cannot go on now');
      return true;
    }
  }

  private async hold(
    key: BulkJobDocument,
    fence: number,
    control: JobControl,
    signal: AbortSignal,
  ): Promise<RunEnd | undefined> {
    // Read again: whoever had it may have ended it since.
    const { jobs } = this.dependencies;
    const [job, progress] = await Promise.all([jobs.find(key), jobs.findProgress(key)]);
    if (job === undefined || progress === undefined || hasEnded(progress)) return undefined;
    this.options.log.info({ tenant: job.tenant, job: job.id, accounted: progress.accounted }, 'bulk job taken');
    const runner = new JobRunner(this.dependencies, { job, progress, fence }, control, this.options);
    return runner.run(signal);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
