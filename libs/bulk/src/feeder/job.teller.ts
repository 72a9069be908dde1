import {
  type BulkJobDocument,
  type BulkProgressDocument,
  type EventOf,
  eventOfJobEnd,
  eventOfJobProgress,
} from '@facelane/contracts';
import type { EventOutbox } from '@facelane/registry';
import { type BulkJobsRegistry, hasEnded } from '../registry/bulk-jobs.registry.js';

/** A job that comes further is told of so often at most, milliseconds. */
const EVERY_MS = 30_000;

/** Tells of one job, once what it tells is stored. */
export class JobTeller {
  /** @param toldAt - when it was taken: whoever had it may have told of it just before. In milliseconds. */
  constructor(
    private readonly outbox: Pick<EventOutbox, 'append'>,
    private readonly job: BulkJobDocument,
    private toldAt = Date.now(),
  ) {}

  /** That the job has come further. One that is lost is made good by the next. */
  async step(progress: BulkProgressDocument): Promise<void> {
    if (Date.parse(progress.updatedAt) - this.toldAt >= EVERY_MS) await this.turn(progress);
  }

  /** The same whenever it was last told: the job was paused, or taken up again. */
  async turn(progress: BulkProgressDocument): Promise<void> {
    const event = this.job.options.notify === 'none' ? undefined : eventOfJobProgress(this.job, progress);
    if (event === undefined) return;
    this.toldAt = Date.parse(progress.updatedAt);
    await this.outbox.append(this.job.tenant, [event]);
  }
}

/**
 * Tells that the job has ended, and takes it off the list of the unfinished behind that: whoever dies before is followed
 * by a feeder that finds it on the list, ended, and tells the same. Nothing is done with one that has not ended.
 */
export async function tellEnd(
  { outbox, jobs }: { readonly outbox: Pick<EventOutbox, 'append'>; readonly jobs: Pick<BulkJobsRegistry, 'unmark'> },
  job: BulkJobDocument,
  progress: BulkProgressDocument,
): Promise<void> {
  if (!hasEnded(progress)) return;
  const event = endEventOf(job, progress);
  if (event !== undefined) await outbox.append(job.tenant, [event]);
  await jobs.unmark(job);
}

/** That the job has ended; undefined of one that has not, or of which nothing is told. */
export function endEventOf(job: BulkJobDocument, progress: BulkProgressDocument): EventOf<'job.completed'> | undefined {
  const { state, endedAt = progress.updatedAt } = progress;
  if (state === 'waiting' || state === 'running' || state === 'paused' || job.options.notify === 'none')
    return undefined;
  return eventOfJobEnd(job, { ...progress, state, endedAt });
}
