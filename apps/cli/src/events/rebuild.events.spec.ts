import { BulkJobsRegistry } from '@facelane/bulk';
import { type ResultDocument, uuidV5 } from '@facelane/contracts';
import { connectProducer, EventLog } from '@facelane/queue';
import { AssetsRegistry, PeopleRegistry } from '@facelane/registry';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobOf } from '../../../../libs/bulk/src/testing/bulk.samples.js';
import { doneResult, failedResult, photoFacts } from '../../../../libs/http-api/src/testing/documents.js';
import { openDocuments, type TestDocuments } from '../../../../libs/registry/src/testing/document-stores.js';
import { rebuildEvents, type Rebuilt } from './rebuild.events.js';

let server: TestRedis;
let redis: Awaited<ReturnType<typeof connectProducer>>;
let opened: TestDocuments;
let assets: AssetsRegistry;
let people: PeopleRegistry;
let jobs: BulkJobsRegistry;
let log: EventLog;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectProducer({ url: server.url }, () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await redis.flushall();
  opened = await openDocuments('fs');
  assets = new AssetsRegistry(opened.documents);
  people = new PeopleRegistry(opened.documents);
  jobs = new BulkJobsRegistry(opened.documents, opened.store);
  log = new EventLog(redis, 'rebuild');
  return () => opened.close();
});

const signal = new AbortController().signal;
const hour = (n: number): string => `2026-06-01T${String(n).padStart(2, '0')}:00:00.000Z`;

/** A result that ended at that hour; its id says nothing of that. */
async function ended(at: number, more: Partial<ResultDocument> = {}, collection = 'friends'): Promise<string> {
  const assetId = uuidV5('rebuild', String(at), collection);
  const result = at % 2 === 0 ? doneResult(assetId) : failedResult('detect', assetId);
  await assets.writeResult({ ...result, collection, endedAt: hour(at), ...more } as ResultDocument);
  return assetId;
}

const rebuild = (since: number, more: { most?: number; collections?: string[] } = {}): Promise<Rebuilt> =>
  rebuildEvents(
    { assets, people, jobs },
    log,
    { tenant: 'acme', collections: ['friends', 'others'], since: Date.parse(hour(since)), most: 1_000, ...more },
    signal,
  );

interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly assetId: string; readonly externalId?: string };
}

const told = async (): Promise<Told[]> =>
  (await log.read('acme', { limit: 1_000 })).events.map(({ body }) => JSON.parse(body) as Told);

describe('events of results', () => {
  it('are made again in the order of the ends, of every collection, and not twice', async () => {
    const ids: string[] = [];
    for (const at of [7, 2, 9, 4]) ids[at] = await ended(at);
    ids[5] = await ended(5, {}, 'others');
    expect(await rebuild(3)).toMatchObject({ results: 4, added: 7, known: 0, left: 0 });
    const events = await told();
    expect(events.map(({ timestamp }) => timestamp)).toEqual([
      ...Array<string>(4).fill(hour(4)),
      ...[5, 7, 9].map(hour),
    ]);
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['asset.completed', 'face.matched']);
    expect(await rebuild(3)).toMatchObject({ results: 4, added: 0, known: 7, left: 0 });
    expect(await rebuild(2, { collections: ['friends'] })).toMatchObject({ results: 4, added: 4, known: 6, left: 0 });
    expect(await told()).toHaveLength(11);
  });

  it('are those that they were when Redis has lost them', async () => {
    await ended(4);
    await rebuild(0);
    const before = await told();
    await redis.flushall();
    expect(await told()).toEqual([]);
    await rebuild(0);
    expect(await told()).toEqual(before);
  });

  it('tell what the asset is called, and go by the submission where the end is not known', async () => {
    const assetId = await ended(6, { endedAt: undefined, submittedAt: hour(6) });
    await assets.writeAsset({
      ...{ version: 1, id: assetId, tenant: 'acme', collection: 'friends', externalId: 'party', tags: [] },
      ...{ source: { kind: 'file', path: '/a.jpg' }, contract: 'test-1', submittedAt: hour(6) },
      ...{ photo: photoFacts, intent: { kind: 'identify' } },
    } as never);
    expect((await rebuild(6)).results).toBe(1);
    expect((await told())[0]).toMatchObject({ timestamp: hour(6), data: { assetId, externalId: 'party' } });
    expect((await rebuild(7)).results).toBe(0);
  });

  it('are not told of an item of a bulk job, unless the job is told of item by item', async () => {
    for (const [at, notify] of [
      [1, 'summary'],
      [3, 'each'],
    ] as const) {
      const job = jobOf({ collection: 'friends', options: { onlyNew: false, weight: 1, window: 200, notify } });
      await jobs.create(job);
      await ended(at, { bulk: { job: job.id, line: 1 } });
    }
    await ended(5, { bulk: { job: uuidV5('job', 'gone'), line: 1 } });
    expect((await rebuild(0)).added).toBe(1);
    expect((await told()).map(({ timestamp }) => timestamp)).toEqual([hour(3)]);
  });

  it('are no more than the log keeps, the newest', async () => {
    for (const at of [1, 3, 5, 7, 9, 11, 13]) await ended(at);
    expect(await rebuild(0, { most: 2 })).toMatchObject({ results: 2, added: 2, known: 0, left: 5 });
    expect((await told()).map(({ timestamp }) => timestamp)).toEqual([hour(11), hour(13)]);
  });
});
