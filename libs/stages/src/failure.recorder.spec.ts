import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureRecorder } from './failure.recorder.js';
import { openStores, type TestStores } from './testing/open-stores.js';
import { matchJob } from './testing/stage.samples.js';

let stores: TestStores;
beforeEach(async () => {
  stores = await openStores('fs');
});
afterEach(() => stores.close());

describe('FailureRecorder', () => {
  const failure = { code: 'STORE.FULL', message: 'm', remedy: 'r', details: { free: 0 } };

  it('files the failure as the result of the asset, whichever stage it was', async () => {
    const job = matchJob(1);
    const recorder = new FailureRecorder(stores.assets);
    expect(await recorder.record({ stage: 'match', data: job, attempts: 3, failure })).toBe(true);
    expect(await stores.assets.findResult(job)).toMatchObject({
      state: 'failed',
      submittedAt: job.submittedAt,
      failure: { ...failure, stage: 'match', attempts: 3 },
    });
  });

  it('says when a job has not enough to be filed, and files an unknown code as unexpected', async () => {
    const recorder = new FailureRecorder(stores.assets);
    expect(await recorder.record({ stage: 'match', data: 'no job', attempts: 1, failure })).toBe(false);
    const job = matchJob(1);
    await recorder.record({ stage: 'match', data: job, attempts: 1, failure: { ...failure, code: 'NEW.CODE' } });
    expect(await stores.assets.findResult(job)).toMatchObject({ failure: { code: 'QUEUE.UNEXPECTED' } });
  });
});
