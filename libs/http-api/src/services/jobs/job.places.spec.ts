import { afterAll, beforeAll, expect, it } from 'vitest';
import { AssetShelf, jobOf } from '../../testing/asset.shelf.js';
import { bulkJob } from '../../testing/bulk.documents.js';
import { idOf, photoFacts } from '../../testing/documents.js';
import { JobPlaces } from './job.places.js';

let shelf: AssetShelf;
beforeAll(async () => (shelf = await AssetShelf.open()));
afterAll(() => shelf.close());

const job = bulkJob();
const submission = { submittedAt: job.createdAt };
const at = (stage: string, waiting: number) => ({ stage, waiting, active: 0, delayed: 0 });

it('counts the photos of a job at each stage, and those of no other, with one look a second', async () => {
  const { queues } = shelf.belt;
  let now = 0;
  const places = new JobPlaces(shelf.belt, () => now);
  const bulk = [1, 2, 3].map((n) => ({ ...jobOf(idOf(n), submission), lane: 'bulk' as const }));
  await queues.add('ingest', bulk);
  await queues.add('ingest', [
    jobOf(idOf('single'), { submittedAt: '2026-06-02T00:00:00.000Z' }),
    jobOf(idOf('foreign'), { ...submission, tenant: 'other' }),
  ]);
  const { source, ...rest } = jobOf(idOf(4), submission);
  expect(source.kind).toBe('object');
  await queues.add('detect', [{ ...rest, photo: photoFacts, seen: false }]);
  expect(await places.of(job)).toEqual([at('ingest', 3), at('detect', 1), at('embed', 0), at('match', 0)]);
  expect(await places.of(bulkJob({ createdAt: '2026-07-01T00:00:00.000Z' }))).toEqual(
    ['ingest', 'detect', 'embed', 'match'].map((stage) => at(stage, 0)),
  );
  await queues.add('ingest', [jobOf(idOf(5), submission)]);
  expect((await places.of(job))[0]).toEqual(at('ingest', 3));
  now = 1_000;
  expect((await places.of(job))[0]).toEqual(at('ingest', 4));
});
