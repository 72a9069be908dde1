import { setTimeout as delay } from 'node:timers/promises';
import { type BulkJobsRegistry, hasEnded } from '@facelane/bulk';
import type { BulkJobDocument, BulkProgressDocument } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { ProblemError } from '../../problem/problem.error.js';
import type { JobPlaces, StagePlaces } from './job.places.js';
import { jobRate } from './job.rate.js';

/** All that is known of a bulk job now. */
export interface WatchedJob {
  readonly job: BulkJobDocument;
  readonly progress: BulkProgressDocument;
  readonly stages: readonly StagePlaces[];
  readonly ratePerSecond?: number;
}

/** A follower hears of changes at most this often. */
const PACE_MS = 1_000;

/** Tells how far bulk jobs are. */
export class JobWatch {
  constructor(
    private readonly jobs: Pick<BulkJobsRegistry, 'find' | 'findProgress'>,
    private readonly places: Pick<JobPlaces, 'of'>,
    private readonly store: Pick<ObjectStore, 'list'>,
    private readonly paceMs: number = PACE_MS,
  ) {}

  /** @throws ProblemError API.JOB_MISSING, also for a job of another tenant. */
  async look(tenant: string, id: string): Promise<WatchedJob> {
    const [job, progress] = await Promise.all([this.jobs.find({ tenant, id }), this.jobs.findProgress({ tenant, id })]);
    if (job === undefined || progress === undefined) throw jobMissing(id);
    const [stages, ratePerSecond] = await Promise.all([
      hasEnded(progress) ? [] : this.places.of(job),
      jobRate(this.store, job, progress),
    ]);
    return { ...{ job, progress, stages }, ...(ratePerSecond !== undefined && { ratePerSecond }) };
  }

  /** The job at once, and again when it has changed, until it has ended. Rejects when the signal aborts. */
  async *follow(first: WatchedJob, signal: AbortSignal): AsyncGenerator<WatchedJob> {
    const { tenant, id } = first.job;
    yield first;
    for (let [told, now] = [first, first]; !hasEnded(now.progress);) {
      await delay(this.paceMs, undefined, { signal });
      now = await this.look(tenant, id);
      if (isSame(told, now)) continue;
      yield now;
      told = now;
    }
  }
}

export const jobMissing = (id: string): ProblemError => new ProblemError('API.JOB_MISSING', `There is no job ${id}.`);

/** The rate falls from second to second while nothing happens; that alone is no news. */
const isSame = (a: WatchedJob, b: WatchedJob): boolean =>
  JSON.stringify([a.job, a.progress, a.stages]) === JSON.stringify([b.job, b.progress, b.stages]);
