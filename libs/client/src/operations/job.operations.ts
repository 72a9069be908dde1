import { callBase, type CallOptions, type Connection } from '../connection.js';
import {
  cancelJob,
  createJob,
  getJob,
  listJobItems,
  listJobs,
  pauseJob,
  resumeJob,
  retryJob,
} from '../generated/sdk.gen.js';
import type { Job, JobItem, JobSummary, ListJobItemsData, ListJobsData, NewJob } from '../generated/types.gen.js';
import { idempotencyKey } from '../idempotency.key.js';
import { followJob } from '../job.follower.js';
import { type Listing, listing } from '../listing.js';
import type { SubmitOptions } from './asset.operations.js';

export type JobListQuery = NonNullable<ListJobsData['query']>;
export type JobItemsQuery = NonNullable<ListJobItemsData['query']>;

const SECURITY = [{ scheme: 'bearer', type: 'http' }] as const;

/** Bulk jobs: everything that a manifest, a prefix or a list names. */
export class JobOperations {
  constructor(private readonly connection: Connection) {}

  /** Puts a job on its way. Answers at once. The same idempotency key again is the same job. */
  create(job: NewJob, options: SubmitOptions = {}): Promise<Job> {
    return createJob({
      ...callBase(this.connection, options),
      body: job,
      headers: { 'idempotency-key': options.idempotencyKey ?? idempotencyKey() },
    });
  }

  /** How far a job is. */
  get(job: string, options?: CallOptions): Promise<Job> {
    return getJob({ ...callBase(this.connection, options), path: { job } });
  }

  /** Jobs, by id. */
  list(query: JobListQuery = {}, options?: CallOptions): Listing<JobSummary> {
    return listing((cursor) =>
      listJobs({
        ...callBase(this.connection, options),
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  /** How each item ended, by line, as far as they are accounted for. */
  items(job: string, query: JobItemsQuery = {}, options?: CallOptions): Listing<JobItem> {
    return listing((cursor) =>
      listJobItems({
        ...callBase(this.connection, options),
        path: { job },
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  /** How every item ended, as a file: gzip of JSONL, one line per item. */
  results(job: string, options?: CallOptions): Promise<ReadableStream<Uint8Array>> {
    return this.stream('/v1/jobs/{job}/results', job, options);
  }

  /**
   * The job at once, and again when something has changed, until it has ended: `for await (const job of follow(id))`.
   * A connection that breaks is made again; to leave the loop hangs up, and the job goes on.
   */
  follow(job: string, options: CallOptions = {}): AsyncGenerator<Job, void> {
    return followJob(() => this.stream('/v1/jobs/{job}/events', job, options), options.signal);
  }

  /** Waits until a job has ended; look at `state`. @throws the signal's reason when it aborts; the job goes on */
  async waitForEnd(job: string, options: CallOptions = {}): Promise<Job> {
    let last: Job | undefined;
    for await (const seen of this.follow(job, options)) last = seen;
    return last ?? this.get(job, options);
  }

  /** What is on its way is finished; nothing new is begun. */
  pause(job: string, options?: CallOptions): Promise<Job> {
    return pauseJob({ ...callBase(this.connection, options), path: { job } });
  }

  /** Goes on with a paused job. */
  resume(job: string, options?: CallOptions): Promise<Job> {
    return resumeJob({ ...callBase(this.connection, options), path: { job } });
  }

  /** For good: items that have not ended count as cancelled. */
  cancel(job: string, options?: CallOptions): Promise<Job> {
    return cancelJob({ ...callBase(this.connection, options), path: { job } });
  }

  /** A new job of the items that failed in one that has ended. @param code - only those that failed so */
  retry(job: string, code?: string, options: SubmitOptions = {}): Promise<Job> {
    return retryJob({
      ...callBase(this.connection, options),
      path: { job },
      body: code === undefined ? {} : { code },
      headers: { 'idempotency-key': options.idempotencyKey ?? idempotencyKey() },
    });
  }

  /** The generated calls read an answer to its end before they return. */
  private async stream(url: string, job: string, options?: CallOptions): Promise<ReadableStream<Uint8Array>> {
    const { client, fetch } = this.connection;
    const { signal } = options ?? {};
    const answer = await client.get<Record<200, ReadableStream<Uint8Array>>, unknown, true, 'data'>({
      ...{ url, path: { job }, security: [...SECURITY], responseStyle: 'data', throwOnError: true },
      ...{ parseAs: 'stream', fetch: fetch.streaming },
      ...(signal !== undefined && { signal }),
    });
    return answer;
  }
}
