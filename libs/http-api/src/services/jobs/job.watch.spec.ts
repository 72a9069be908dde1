import { BulkJobsRegistry } from '@facelane/bulk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocuments, type TestDocuments } from '../../../../registry/src/testing/document-stores.js';
import { bulkJob, bulkProgress } from '../../testing/bulk.documents.js';
import { idOf } from '../../testing/documents.js';
import { JobListing } from './job.listing.js';
import { JobWatch } from './job.watch.js';

let opened: TestDocuments;
let jobs: BulkJobsRegistry;
let watch: JobWatch;
beforeAll(async () => {
  opened = await openDocuments('fs');
  jobs = new BulkJobsRegistry(opened.documents, opened.store);
  watch = new JobWatch(jobs, { of: () => Promise.resolve([]) }, opened.store, 1);
});
afterAll(() => opened.close());

const counts = { done: 5, no_faces: 0, duplicate: 0, failed: 0, cancelled: 0 };
const signal = new AbortController().signal;

describe('following a job', () => {
  it('tells it at once, again when it has changed, and ends with it', async () => {
    const job = bulkJob({ id: idOf('followed') });
    await jobs.create(job);
    const following = watch.follow(await watch.look(job.tenant, job.id), signal);
    expect((await following.next()).value).toMatchObject({ job, progress: { state: 'waiting', accounted: 0 } });
    await jobs.writeProgress(job, bulkProgress({ accounted: 5, counts }));
    expect((await following.next()).value).toMatchObject({ progress: { state: 'running', accounted: 5 } });
    await jobs.setWish(job, 'pause');
    expect((await following.next()).value).toMatchObject({ job: { wish: 'pause' } });
    await jobs.writeProgress(job, bulkProgress({ accounted: 5, counts, state: 'completed' }));
    expect((await following.next()).value).toMatchObject({ progress: { state: 'completed' } });
    expect((await following.next()).done).toBe(true);
  });

  it('ends when the caller hangs up', async () => {
    const job = bulkJob({ id: idOf('left') });
    await jobs.create(job);
    const caller = new AbortController();
    const following = watch.follow(await watch.look(job.tenant, job.id), caller.signal);
    await following.next();
    const waiting = following.next();
    caller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow();
  });

  it('finds no job of another tenant', async () => {
    const job = bulkJob({ id: idOf('foreign') });
    await jobs.create(job);
    await expect(watch.look('other', job.id)).rejects.toMatchObject({ code: 'API.JOB_MISSING', status: 404 });
  });
});

it('a listing has every job of the tenant once, filtered and by pages', async () => {
  const tenant = 'lister';
  const listing = new JobListing(jobs);
  for (let n = 0; n < 5; n += 1) {
    const job = bulkJob({ tenant, id: idOf(`list-${n}`), collection: n === 0 ? 'one' : 'more' });
    await jobs.create(job);
    if (n > 2) await jobs.writeProgress(job, bulkProgress());
  }
  const seen: string[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const { items, next } = await listing.page(tenant, { limit: 2, cursor });
    seen.push(...items.map(({ job }) => job.id));
    cursor = next;
  }
  expect(seen.sort()).toEqual([0, 1, 2, 3, 4].map((n) => idOf(`list-${n}`)).sort());
  const of = async (filter: object): Promise<number> =>
    (await listing.page(tenant, { limit: 100, ...filter })).items.length;
  expect([await of({ collection: 'one' }), await of({ state: 'running' }), await of({ state: 'failed' })]).toEqual([
    1, 2, 0,
  ]);
  await expect(listing.page(tenant, { limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'API.REQUEST_INVALID' });
});
