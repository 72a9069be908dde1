import type { BulkJobDocument, BulkProgressDocument } from '../../documents/bulk.schema.js';
import { keys } from '../../ids/keys.js';
import type { EventData, EventOf } from '../event.schema.js';
import { MAX_CODES, shortMessage } from '../event.limits.js';
import { makeEvent } from './make-event.js';

/** The account of a job that has ended: its last progress, or what the summary says. */
export type JobEnd = Pick<BulkProgressDocument, 'counts' | 'failures' | 'failure' | 'startedAt'> & {
  readonly state: EventData<'job.completed'>['state'];
  /** Lines in all. */
  readonly accounted: number;
  readonly endedAt: string;
};

/** Undefined for a job that has ended, which is told by `eventOfJobEnd`. */
export function eventOfJobProgress(
  job: BulkJobDocument,
  progress: BulkProgressDocument,
): EventOf<'job.progress'> | undefined {
  const { state, accounted, updatedAt } = progress;
  if (state === 'completed' || state === 'cancelled' || state === 'failed') return undefined;
  return makeEvent('job.progress', {
    ...placeOf(job),
    facts: [job.id, state, String(accounted), updatedAt],
    timestamp: updatedAt,
    data: { ...accountOf(job, progress), state, accounted },
  });
}

/** A job ends once. */
export function eventOfJobEnd(job: BulkJobDocument, end: JobEnd): EventOf<'job.completed'> {
  const { tenant, id, retryOf } = job;
  const { state, accounted, failure, startedAt, endedAt } = end;
  const failed = failure && { code: failure.code, message: shortMessage(failure.message) };
  return makeEvent('job.completed', {
    ...placeOf(job),
    facts: [id],
    timestamp: endedAt,
    data: {
      ...accountOf(job, end),
      state,
      lines: accounted,
      ...(failed !== undefined && { failure: failed }),
      ...(retryOf !== undefined && { retryOf }),
      endedAt,
      ...(startedAt !== undefined && { durationMs: Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) }),
      resultsKey: keys.bulkResults(tenant, id),
      summaryKey: keys.bulkSummary(tenant, id),
    },
  });
}

const placeOf = ({ tenant, collection }: BulkJobDocument): Pick<BulkJobDocument, 'tenant' | 'collection'> => ({
  tenant,
  collection,
});

function accountOf(
  { id, total }: BulkJobDocument,
  { counts, failures, startedAt }: Pick<JobEnd, 'counts' | 'failures' | 'startedAt'>,
): Pick<EventData<'job.progress'>, 'jobId' | 'counts' | 'failures' | 'total' | 'startedAt'> {
  return {
    jobId: id,
    counts,
    failures: mostFrequent(failures),
    ...(total !== undefined && { total }),
    ...(startedAt !== undefined && { startedAt }),
  };
}

/** By name in the end, so that the order in which codes turned up does not show. */
function mostFrequent(failures: Readonly<Record<string, number>>): Record<string, number> {
  const ranked = Object.entries(failures).sort(([a, m], [b, n]) => n - m || compare(a, b));
  return Object.fromEntries(ranked.slice(0, MAX_CODES).sort(([a], [b]) => compare(a, b)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
