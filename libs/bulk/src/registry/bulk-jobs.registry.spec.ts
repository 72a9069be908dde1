import { randomUUID } from 'node:crypto';
import type { BulkJobDocument, BulkProgressDocument } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPages, collect, openDocuments, type TestDocuments } from '../../../registry/src/testing/document-stores.js';
import { BulkJobsRegistry } from './bulk-jobs.registry.js';

const jobOf = (more: Partial<BulkJobDocument> = {}): BulkJobDocument => ({
  version: 1,
  tenant: 'acme',
  id: randomUUID(),
  collection: 'main',
  contract: 'c-1',
  source: { kind: 'prefix', bucket: 'photos', prefix: '' },
  options: { onlyNew: false, weight: 1, window: 200, notify: 'none' },
  wish: 'run',
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

const progressOf = (more: Partial<BulkProgressDocument> = {}): BulkProgressDocument => ({
  version: 1,
  state: 'running',
  fence: 5,
  accounted: 500,
  cursor: 'c',
  counts: { done: 500, no_faces: 0, duplicate: 0, failed: 0, cancelled: 0 },
  failures: {},
  updatedAt: '2026-01-01T00:00:01.000Z',
  ...more,
});

describe.each(['fs', 's3'] as const)('BulkJobsRegistry on %s', (driver) => {
  let test: TestDocuments;
  let jobs: BulkJobsRegistry;
  beforeAll(async () => {
    test = await openDocuments(driver);
    jobs = new BulkJobsRegistry(test.documents, test.store);
  });
  afterAll(() => test.close());

  const unfinished = async (): Promise<string[]> => (await collect(jobs.unfinished())).map(({ id }) => id);

  it('makes a job once, whatever is asked under its id later', async () => {
    const job = jobOf();
    expect(await jobs.create(job)).toEqual({ outcome: 'created', job });
    expect(await jobs.create({ ...job, collection: 'other' })).toEqual({ outcome: 'exists', job });
    expect(await jobs.find(job)).toEqual(job);
    expect(await jobs.findProgress(job)).toMatchObject({ state: 'waiting', accounted: 0, fence: 0 });
    expect(await jobs.findProgress(jobOf())).toBeUndefined();
  });

  it('pages through the jobs of a tenant', async () => {
    const made = Array.from({ length: 5 }, () => jobOf({ tenant: 'pages' }));
    for (const job of made) await jobs.create(job);
    const { items, pages } = await allPages((after) => jobs.page('pages', { after, limit: 2 }));
    expect(items.map(({ id }) => id)).toEqual(made.map(({ id }) => id).toSorted());
    expect(pages).toBe(3);
  });

  it('pauses and resumes; a cancelled or an ended one refuses', async () => {
    const job = jobOf();
    await jobs.create(job);
    expect((await jobs.setWish(job, 'pause')).outcome).toBe('set');
    expect((await jobs.setWish(job, 'run')).outcome).toBe('set');
    expect((await jobs.setWish(job, 'cancel')).outcome).toBe('set');
    expect((await jobs.setWish(job, 'cancel')).outcome).toBe('set');
    expect(await jobs.setWish(job, 'run')).toEqual({ outcome: 'refused', job: { ...job, wish: 'cancel' } });
    expect(await jobs.setWish(jobOf(), 'run')).toEqual({ outcome: 'missing' });
    const ended = jobOf();
    await jobs.create(ended);
    await jobs.writeProgress(ended, progressOf({ state: 'completed' }));
    expect((await jobs.setWish(ended, 'run')).outcome).toBe('refused');
    expect((await jobs.setWish(ended, 'pause')).outcome).toBe('refused');
    expect((await jobs.find(ended))?.wish).toBe('run');
  });

  it('hears nothing of a feeder whose time is over, nor of anybody after the end', async () => {
    const job = jobOf();
    await jobs.create(job);
    expect(await jobs.writeProgress(job, progressOf())).toBe(true);
    expect(await jobs.writeProgress(job, progressOf({ fence: 4, accounted: 900 }))).toBe(false);
    expect(await jobs.findProgress(job)).toEqual(progressOf());
    const end = progressOf({ fence: 6, state: 'completed', accounted: 700 });
    expect(await jobs.writeProgress(job, end)).toBe(true);
    expect(await jobs.writeProgress(job, end)).toBe(true);
    expect(await jobs.writeProgress(job, progressOf({ fence: 7 }))).toBe(false);
    expect(await jobs.findProgress(job)).toEqual(end);
  });

  it('lists jobs of all tenants until their end is told', async () => {
    const [first, second] = [jobOf(), jobOf({ tenant: 'other' })];
    await jobs.create(first);
    await jobs.create(second);
    expect(await unfinished()).toEqual(expect.arrayContaining([first.id, second.id]));
    await jobs.writeProgress(first, progressOf({ state: 'paused' }));
    expect(await unfinished()).toContain(first.id);
    await jobs.writeProgress(first, progressOf({ state: 'cancelled' }));
    expect(await unfinished()).toContain(first.id);
    await jobs.unmark(first);
    expect(await unfinished()).not.toContain(first.id);
    expect((await collect(jobs.unfinished())).find(({ id }) => id === second.id)?.tenant).toBe('other');
  });
});
