import { type IngestJob, uuidV5 } from '@facelane/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IntakeRegistry } from './intake.registry.js';
import { allPages, collect, openDocuments, type TestDocuments } from './testing/document-stores.js';

let opened: TestDocuments;
beforeAll(async () => {
  opened = await openDocuments('fs');
});
afterAll(() => opened.close());

it('keeps the job of every accepted asset until it is removed', async () => {
  const intake = new IntakeRegistry(opened.documents);
  const jobs = Array.from({ length: 5 }, (_, n): IngestJob => ({
    tenant: 'acme',
    collection: n % 2 === 0 ? 'main' : 'other',
    assetId: uuidV5('asset', String(n)),
    contract: 'c-1',
    lane: 'interactive',
    intent: { kind: 'identify' },
    submittedAt: '2026-01-02T03:04:05.678Z',
    source: { kind: 'url', url: 'https://photos.example/1.jpg' },
    tags: ['a'],
  })).sort((a, b) => (a.assetId < b.assetId ? -1 : 1));
  await Promise.all(jobs.map((job) => intake.write(job)));
  await intake.write({ ...jobs[0]!, tenant: 'elsewhere' });
  expect(await intake.find('acme', jobs[2]!.assetId)).toEqual(jobs[2]);
  expect(await collect(intake.list('acme'))).toEqual(jobs);
  const { items } = await allPages((after) => intake.page('acme', { limit: 2, ...(after && { after }) }));
  expect(items).toEqual(jobs);
  expect(await intake.remove('acme', jobs[2]!.assetId)).toBe(true);
  expect(await intake.remove('acme', jobs[2]!.assetId)).toBe(false);
  expect(await intake.find('acme', jobs[2]!.assetId)).toBeUndefined();
  expect(await intake.find('elsewhere', jobs[0]!.assetId)).toMatchObject({ tenant: 'elsewhere' });
});
