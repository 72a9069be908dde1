import { type BulkJobsRegistry, hasEnded } from '@facelane/bulk';
import type { BulkJobDocument, ResultDocument } from '@facelane/contracts';
import { type AssetsRegistry, chunked, type PeopleRegistry } from '@facelane/registry';
import type { Moment } from './newest.moments.js';

/** Documents read at once. */
const AT_ONCE = 16;
const JOBS_PAGE = 100;
/** How far the clock of a store may be behind that of a worker, in milliseconds; a result is written after its end. */
const CLOCKS_MS = 60 * 60_000;

export interface MomentsQuery {
  readonly tenant: string;
  readonly collections: readonly string[];
  /** Milliseconds since 1970. */
  readonly since: number;
}

export interface Books {
  readonly assets: Pick<AssetsRegistry, 'listed' | 'findResult' | 'findAsset'>;
  readonly people: Pick<PeopleRegistry, 'list' | 'find'>;
  readonly jobs: Pick<BulkJobsRegistry, 'page' | 'find' | 'findProgress'>;
}

/** Everything of some collections that documents tell of the time since then, in no order. */
export async function* toldMoments(books: Books, query: MomentsQuery, signal: AbortSignal): AsyncGenerator<Moment> {
  for (const collection of query.collections) {
    yield* momentsOfResults(books, collection, query, signal);
    yield* momentsOfPeople(books, collection, query, signal);
  }
  yield* momentsOfJobs(books, query, signal);
}

/** Listings are by id, so all of them are gone through; results that were last written before are not read. */
async function* momentsOfResults(
  { assets }: Books,
  collection: string,
  { tenant, since }: MomentsQuery,
  signal: AbortSignal,
): AsyncGenerator<Moment> {
  for await (const listed of chunked(assets.listed('results', tenant, collection), AT_ONCE)) {
    signal.throwIfAborted();
    const young = listed.filter(({ writtenAt }) => writtenAt.getTime() >= since - CLOCKS_MS);
    const results = await Promise.all(young.map(({ assetId }) => assets.findResult({ tenant, collection, assetId })));
    for (const result of results) if (result !== undefined) yield* momentsOfResult(result, since);
  }
}

/** When the work on it ended, or where it does not say, when it was submitted; and when it changed last. */
function* momentsOfResult(result: ResultDocument, since: number): Generator<Moment> {
  const { tenant, collection, assetId, endedAt, submittedAt, changedAt } = result;
  const of = { tenant, collection, assetId };
  const [end, change] = [Date.parse(endedAt ?? submittedAt), Date.parse(changedAt ?? '')];
  if (end >= since) yield { kind: 'end', of, at: end };
  if (result.state === 'done' && result.lastChange !== undefined && change >= since) {
    yield { kind: 'change', of, at: change };
  }
}

/** A reference that came with a merge was told of as one of whoever had it before, whose document stays. */
async function* momentsOfPeople(
  { people }: Books,
  collection: string,
  { tenant, since }: MomentsQuery,
  signal: AbortSignal,
): AsyncGenerator<Moment> {
  for await (const { id, references } of people.list(tenant, collection)) {
    signal.throwIfAborted();
    for (const { pointId, addedAt, mergedFrom } of references) {
      const at = Date.parse(addedAt ?? '');
      if (at >= since && mergedFrom === undefined) {
        yield { kind: 'enrolment', of: { tenant, collection, id }, pointId, at };
      }
    }
  }
}

async function* momentsOfJobs(
  { jobs }: Books,
  { tenant, collections, since }: MomentsQuery,
  signal: AbortSignal,
): AsyncGenerator<Moment> {
  for await (const job of allJobs(jobs, tenant)) {
    signal.throwIfAborted();
    if (job.options.notify === 'none' || !collections.includes(job.collection)) continue;
    const progress = await jobs.findProgress(job);
    if (progress === undefined || !hasEnded(progress)) continue;
    const at = Date.parse(progress.endedAt ?? progress.updatedAt);
    if (at >= since) yield { kind: 'job', of: { tenant, id: job.id }, at };
  }
}

async function* allJobs(jobs: Books['jobs'], tenant: string): AsyncGenerator<BulkJobDocument> {
  for (let after: string | undefined; ;) {
    const { items, next } = await jobs.page(tenant, { limit: JOBS_PAGE, ...(after !== undefined && { after }) });
    yield* items;
    if (next === undefined) return;
    after = next;
  }
}
