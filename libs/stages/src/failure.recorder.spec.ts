import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureTeller } from '@facelane/gallery';
import { type EventOutbox, OutboxMarks } from '@facelane/registry';
import { FailureRecorder } from './failure.recorder.js';
import { openStores, type TestStores } from './testing/open-stores.js';
import { ingestJob, matchJob } from './testing/stage.samples.js';

let stores: TestStores;
beforeEach(async () => {
  stores = await openStores('fs');
});
afterEach(() => stores.close());

const recorderOver = (outbox: Pick<EventOutbox, 'append'>): FailureRecorder =>
  new FailureRecorder(stores.assets, new FailureTeller(stores.assets, new OutboxMarks(stores.documents), outbox));

describe('FailureRecorder', () => {
  const failure = { code: 'STORE.FULL', message: 'm', remedy: 'r', details: { free: 0 } };

  it('files the failure as the result of the asset, whichever stage it was', async () => {
    const job = matchJob(1);
    const recorder = recorderOver(stores.outbox);
    expect(await recorder.record({ stage: 'match', data: job, attempts: 3, failure })).toBe(true);
    expect(await stores.assets.findResult(job)).toMatchObject({
      state: 'failed',
      submittedAt: job.submittedAt,
      failure: { ...failure, stage: 'match', attempts: 3 },
    });
  });

  it('leaves the result of a photo that was done and is compared again, but not that of an earlier submission', async () => {
    const job = matchJob(0);
    const { tenant, collection, assetId, contract, photo } = job;
    const recorder = recorderOver(stores.outbox);
    const done = { version: 1, state: 'done', tenant, collection, assetId, contract, photo, droppedFaces: 0 } as const;
    await stores.assets.writeResult({ ...done, faces: [], submittedAt: job.submittedAt });
    expect(await recorder.record({ stage: 'match', data: { ...job, again: true }, attempts: 3, failure })).toBe(false);
    expect(await stores.assets.findResult(job)).toMatchObject({ state: 'done' });
    const later = { ...job, submittedAt: '2030-01-01T00:00:00.000Z' };
    expect(await recorder.record({ stage: 'match', data: later, attempts: 3, failure })).toBe(true);
    expect(await stores.assets.findResult(job)).toMatchObject({ state: 'failed' });
  });

  it('says when a job has not enough to be filed, and files an unknown code as unexpected', async () => {
    const recorder = recorderOver(stores.outbox);
    expect(await recorder.record({ stage: 'match', data: 'no job', attempts: 1, failure })).toBe(false);
    const job = matchJob(1);
    await recorder.record({ stage: 'match', data: job, attempts: 1, failure: { ...failure, code: 'NEW.CODE' } });
    expect(await stores.assets.findResult(job)).toMatchObject({ failure: { code: 'QUEUE.UNEXPECTED' } });
  });

  it('tells it once, with what the job or the document knows of the asset, and nothing of a quiet one', async () => {
    const recorder = recorderOver(stores.outbox);
    const source = { kind: 'url', url: 'https://media.example/p.jpg?token=secret' } as const;
    const job = ingestJob(source, { externalId: 'party-0117', tags: ['party'] });
    const letter = { stage: 'ingest', data: job, attempts: 3, failure };
    const broken = { append: () => Promise.reject(new Error('killed')) };
    await expect(recorderOver(broken).record(letter)).rejects.toThrow('killed');
    const filed = await stores.assets.findResult(job);
    await recorder.record(letter);
    await recorder.record(letter);
    const [told, ...more] = await stores.events(job.tenant);
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      type: 'asset.failed',
      timestamp: filed?.endedAt,
      data: { externalId: 'party-0117', tags: ['party'], source: 'https://media.example/p.jpg' },
    });
    const later = matchJob(1, { facts: { externalId: 'carried' } });
    await recorder.record({ stage: 'match', data: later, attempts: 3, failure });
    await recorder.record({ stage: 'match', data: matchJob(1, { quiet: true }), attempts: 3, failure });
    const events = await stores.events(job.tenant);
    expect(events.slice(1).map(({ data }) => data)).toMatchObject([{ externalId: 'carried' }]);
  });
});
