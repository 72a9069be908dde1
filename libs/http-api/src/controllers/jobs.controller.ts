import { randomUUID } from 'node:crypto';
import { BulkJobsRegistry, type BulkWish, Ledger } from '@facelane/bulk';
import { uuidV5 } from '@facelane/contracts';
import { ObjectStore } from '@facelane/object-store';
import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/job.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import type { JobBody } from '../schemas/job.schema.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { JobIntake } from '../services/jobs/job.intake.js';
import { jobItems, jobResults } from '../services/jobs/job.items.js';
import { JobListing } from '../services/jobs/job.listing.js';
import { jobOutputs } from '../services/jobs/job.outputs.js';
import { JobRetry } from '../services/jobs/job.retry.js';
import { jobMissing, JobWatch, type WatchedJob } from '../services/jobs/job.watch.js';
import { jobSummary, jobView } from '../views/job.view.js';

/** Bulk jobs: making, following and steering them. */
@Controller()
export class JobsController {
  constructor(
    @Inject(JobIntake) private readonly intake: JobIntake,
    @Inject(JobWatch) private readonly watch: JobWatch,
    @Inject(JobRetry) private readonly again: JobRetry,
    @Inject(JobListing) private readonly listing: JobListing,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(BulkJobsRegistry) private readonly jobs: BulkJobsRegistry,
    @Inject(CollectionLookup) private readonly lookup: CollectionLookup,
    @Inject(ObjectStore) private readonly store: ObjectStore,
  ) {}

  @Endpoint(endpoints.createJob)
  async create({
    caller,
    body,
    idempotencyKey,
  }: EndpointInput<typeof endpoints.createJob>): Promise<EndpointOutput<typeof endpoints.createJob>> {
    const { tenant } = caller;
    const collection = await this.lookup.requireUsable(tenant, body.collection, body.contract);
    // Under a key of the caller's it is the same job, also when Redis forgot that it was answered.
    const id = idempotencyKey === undefined ? randomUUID() : uuidV5('bulk-job', tenant, idempotencyKey);
    await this.intake.accept(tenant, id, body, collection);
    return this.show(tenant, id);
  }

  @Endpoint(endpoints.listJobs)
  async list({
    caller,
    query,
  }: EndpointInput<typeof endpoints.listJobs>): Promise<EndpointOutput<typeof endpoints.listJobs>> {
    const { items, next } = await this.listing.page(caller.tenant, query);
    return { items: items.map(jobSummary), ...(next !== undefined && { next }) };
  }

  @Endpoint(endpoints.getJob)
  get({ caller, params }: EndpointInput<typeof endpoints.getJob>): Promise<EndpointOutput<typeof endpoints.getJob>> {
    return this.show(caller.tenant, params.job);
  }

  @Endpoint(endpoints.listJobItems)
  async items({
    caller,
    params,
    query,
  }: EndpointInput<typeof endpoints.listJobItems>): Promise<EndpointOutput<typeof endpoints.listJobItems>> {
    const { items, next } = await jobItems(this.ledger, await this.watch.look(caller.tenant, params.job), query);
    return { items: [...items], ...(next !== undefined && { next }) };
  }

  @Endpoint(endpoints.getJobResults)
  async results({
    caller,
    params,
    signal,
  }: EndpointInput<typeof endpoints.getJobResults>): Promise<EndpointOutput<typeof endpoints.getJobResults>> {
    return jobResults(this.store, this.ledger, await this.watch.look(caller.tenant, params.job), signal);
  }

  @Endpoint(endpoints.followJob)
  async follow({
    caller,
    params,
    signal,
  }: EndpointInput<typeof endpoints.followJob>): Promise<EndpointOutput<typeof endpoints.followJob>> {
    // Before the stream begins: afterwards there is no way to say that there is no such job.
    return this.views(this.watch.follow(await this.watch.look(caller.tenant, params.job), signal));
  }

  @Endpoint(endpoints.pauseJob)
  pause({
    caller,
    params,
  }: EndpointInput<typeof endpoints.pauseJob>): Promise<EndpointOutput<typeof endpoints.pauseJob>> {
    return this.ask(caller.tenant, params.job, 'pause');
  }

  @Endpoint(endpoints.resumeJob)
  resume({
    caller,
    params,
  }: EndpointInput<typeof endpoints.resumeJob>): Promise<EndpointOutput<typeof endpoints.resumeJob>> {
    return this.ask(caller.tenant, params.job, 'run');
  }

  @Endpoint(endpoints.cancelJob)
  cancel({
    caller,
    params,
  }: EndpointInput<typeof endpoints.cancelJob>): Promise<EndpointOutput<typeof endpoints.cancelJob>> {
    return this.ask(caller.tenant, params.job, 'cancel');
  }

  @Endpoint(endpoints.retryJob)
  async retry({
    caller,
    params,
    body,
    idempotencyKey,
  }: EndpointInput<typeof endpoints.retryJob>): Promise<EndpointOutput<typeof endpoints.retryJob>> {
    const { tenant } = caller;
    const id = idempotencyKey === undefined ? randomUUID() : uuidV5('bulk-retry', tenant, params.job, idempotencyKey);
    await this.again.retry(await this.watch.look(tenant, params.job), id, body.code);
    return this.show(tenant, id);
  }

  private async ask(tenant: string, id: string, wish: BulkWish): Promise<JobBody> {
    const { outcome } = await this.jobs.setWish({ tenant, id }, wish);
    if (outcome === 'missing') throw jobMissing(id);
    if (outcome === 'refused') throw new ProblemError('API.JOB_ENDED', `Job ${id} has ended, or was cancelled.`);
    return this.show(tenant, id);
  }

  private async show(tenant: string, id: string): Promise<JobBody> {
    return this.view(await this.watch.look(tenant, id));
  }

  private async view(watched: WatchedJob): Promise<JobBody> {
    return jobView(watched, await jobOutputs(this.store, watched));
  }

  private async *views(jobs: AsyncIterable<WatchedJob>): AsyncGenerator<JobBody> {
    for await (const watched of jobs) yield await this.view(watched);
  }
}
