import type { DoneResult, ResultDocument, ResultFace } from '@facelane/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStores, type TestStores } from '../testing/open-stores.js';
import { COLLECTION_DOCUMENT, face, matchJob } from '../testing/stage.samples.js';
import { assignmentsOf, replaceResult } from './previous.result.js';

const job = matchJob(1);
const assignment = { personId: job.assetId, at: job.submittedAt };
const result = (stated = false): DoneResult => {
  const { review } = COLLECTION_DOCUMENT.thresholds;
  const one: ResultFace = { ...face(0), pointId: job.assetId, decision: 'none', candidates: [], threshold: review };
  const { tenant, collection, assetId, contract, submittedAt, photo } = job;
  const base = { version: 1, tenant, collection, assetId, contract, submittedAt, photo, droppedFaces: 0 } as const;
  return { ...base, state: 'done', faces: [{ ...one, ...(stated && { assignment }) }] };
};
const state = (current: ResultDocument): ResultDocument => (current.state === 'done' ? result(true) : current);

describe('what was said of faces', () => {
  it('is known by their points, for as long as the photo is the same', () => {
    expect(assignmentsOf(result(true), job.photo)).toEqual(new Map([[job.assetId, assignment]]));
    expect(assignmentsOf(result(), job.photo).size).toBe(0);
    expect(assignmentsOf(undefined, job.photo).size).toBe(0);
    expect(assignmentsOf(result(true), { ...job.photo, sha256: 'f'.repeat(64) }).size).toBe(0);
  });
});

describe.each(['fs', 's3'] as const)('a result that takes the place of another on %s', (driver) => {
  let stores: TestStores;
  beforeEach(async () => {
    stores = await openStores(driver);
  });
  afterEach(() => stores.close());

  /** A result like the one before, which it was made from. */
  const carried = (previous: DoneResult | undefined): DoneResult => ({ ...(previous ?? result()), droppedFaces: 7 });

  it('is made again when somebody changes that one meanwhile', async () => {
    await stores.assets.writeResult(result());
    const seen: boolean[] = [];
    await replaceResult(stores.assets, job, async (previous) => {
      seen.push(assignmentsOf(previous, job.photo).size > 0);
      if (seen.length === 1) await stores.assets.changeResult(job, state);
      return carried(previous);
    });
    expect(seen).toEqual([false, true]);
    expect(await stores.assets.findResult(job)).toMatchObject({ droppedFaces: 7, faces: [{ assignment }] });
  });

  it('is the first when there was none, and follows a failure', async () => {
    await replaceResult(stores.assets, job, (previous) => Promise.resolve(carried(previous)));
    expect(await stores.assets.findResult(job)).toMatchObject({ droppedFaces: 7 });
    const { tenant, collection, assetId, contract, submittedAt } = job;
    const failure = {
      stage: 'embed',
      code: 'STORE.FULL',
      message: 'm',
      remedy: 'r',
      attempts: 1,
      details: {},
    } as const;
    await stores.assets.writeResult({
      ...{ version: 1, tenant, collection, assetId, contract, submittedAt },
      state: 'failed',
      failure,
    });
    const given: unknown[] = [];
    await replaceResult(stores.assets, job, (previous) => Promise.resolve(carried((given.push(previous), previous))));
    expect(given).toEqual([undefined]);
    expect(await stores.assets.findResult(job)).toMatchObject({ state: 'done' });
  });

  it('does not bring back one that was removed', async () => {
    await stores.assets.writeResult(result());
    await replaceResult(stores.assets, job, async (previous) => {
      await stores.assets.removeResult(job);
      return carried(previous);
    });
    expect(await stores.assets.findResult(job)).toBeUndefined();
  });

  it('fails when it is changed each time', async () => {
    await stores.assets.writeResult(result());
    const busy = replaceResult(stores.assets, job, async (previous) => {
      const change = (current: ResultDocument): ResultDocument =>
        current.state === 'done' ? { ...current, droppedFaces: current.droppedFaces + 1 } : current;
      await stores.assets.changeResult(job, change);
      return carried(previous);
    });
    await expect(busy).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE', retry: 'backoff' });
  });
});
