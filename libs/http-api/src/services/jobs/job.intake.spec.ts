import { BulkJobsRegistry } from '@facelane/bulk';
import { keys } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocuments, type TestDocuments } from '../../../../registry/src/testing/document-stores.js';
import { newJobSchema } from '../../schemas/job.schema.js';
import { CONTRACT, idOf, TENANT } from '../../testing/documents.js';
import { SourcePolicy } from '../source.policy.js';
import { JobIntake } from './job.intake.js';

let opened: TestDocuments;
let jobs: BulkJobsRegistry;
let intake: JobIntake;
beforeAll(async () => {
  opened = await openDocuments('fs');
  jobs = new BulkJobsRegistry(opened.documents, opened.store);
  const policy = new SourcePolicy(opened.store.bucket, [{ bucket: 'media', prefix: 'public/' }]);
  intake = new JobIntake(jobs, opened.store, policy, () => Date.parse('2026-06-01T00:00:00.000Z'));
});
afterAll(() => opened.close());

const collection = { id: 'friends', contract: CONTRACT } as Parameters<JobIntake['accept']>[3];
const accept = (name: string, wish: object): ReturnType<JobIntake['accept']> =>
  intake.accept(TENANT, idOf(name), newJobSchema.parse({ collection: 'friends', ...wish }), collection);

describe('a bulk job', () => {
  it('of items has them as a manifest of our own, and knows how many they are', async () => {
    const items = [
      { bucket: 'media', key: 'public/a.jpg', tags: ['x'] },
      { url: 'https://example.com/b.jpg', externalId: 'b' },
    ];
    const job = await accept('items', { items, tags: ['all'], weight: 3 });
    const key = keys.bulkItems(TENANT, idOf('items'));
    expect(job).toMatchObject({
      ...{ source: { kind: 'manifest', bucket: opened.store.bucket, key }, total: 2, wish: 'run' },
      ...{ createdAt: '2026-06-01T00:00:00.000Z', contract: CONTRACT },
      options: { onlyNew: false, weight: 3, window: 200, notify: 'summary', tags: ['all'] },
    });
    const lines = new TextDecoder()
      .decode((await opened.store.get(key)).body)
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(items);
    expect(await jobs.find({ tenant: TENANT, id: idOf('items') })).toEqual(job);
  });

  it('with an id that is taken is the job that has it, untouched', async () => {
    const first = await accept('twice', { items: [{ url: 'https://example.com/a.jpg' }] });
    const second = await accept('twice', { items: [{ url: 'https://example.com/b.jpg' }], weight: 9 });
    expect(second).toEqual(first);
    const kept = await opened.store.get(keys.bulkItems(TENANT, idOf('twice')));
    expect(new TextDecoder().decode(kept.body)).toContain('a.jpg');
  });

  it.each([
    ['a manifest', { manifest: { bucket: 'others', key: 'a.jsonl' } }],
    ['a prefix', { prefix: { bucket: 'media', prefix: 'private/' } }],
    ['a prefix that is wider than what is allowed', { prefix: { bucket: 'media', prefix: '' } }],
    ['one item of many', { items: [{ url: 'https://example.com/a.jpg' }, { bucket: 'media', key: 'private/a.jpg' }] }],
  ])('of %s that the tenant may not read is refused, and nothing is kept', async (what, wish) => {
    await expect(accept(what, wish)).rejects.toMatchObject({ code: 'API.SOURCE_NOT_ALLOWED', status: 403 });
    expect(await jobs.find({ tenant: TENANT, id: idOf(what) })).toBeUndefined();
    expect(await opened.store.head(keys.bulkItems(TENANT, idOf(what)))).toBeUndefined();
  });

  it.each([
    ['nothing', {}],
    ['two sources', { manifest: { bucket: 'media', key: 'public/a' }, prefix: { bucket: 'media', prefix: 'public/' } }],
    ['no item', { items: [] }],
    ['too many items', { items: Array.from({ length: 10_001 }, () => ({ url: 'https://example.com/a.jpg' })) }],
    ['a file', { items: [{ path: '/etc/passwd' }] }],
    ['photos inside', { items: [{ bytes: 'AAAA' }] }],
  ])('with %s is none', (_what, wish) => {
    expect(newJobSchema.safeParse({ collection: 'friends', ...wish }).success).toBe(false);
  });
});
