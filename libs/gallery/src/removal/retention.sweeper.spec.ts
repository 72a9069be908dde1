import type { AssetKey } from '@facelane/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../../stages/src/testing/stage.samples.js';
import { C, LivingGallery, T } from '../testing/living-gallery.fixture.js';

let gallery: LivingGallery;
beforeEach(async () => {
  gallery = await LivingGallery.open();
});
afterEach(() => gallery.close());

const known = async (asset: AssetKey): Promise<boolean> => {
  const found = await Promise.all([
    gallery.assets.findAsset(asset),
    gallery.assets.findResult(asset),
    gallery.intake.find(T, asset.assetId),
  ]);
  return found.some((each) => each !== undefined);
};

describe('retention', () => {
  const DAY_MS = 24 * 60 * 60_000;
  const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
  const sweep = (inDays = 0): Promise<number> => gallery.retention.sweep(new Date(Date.now() + inDays * DAY_MS));

  it('removes what was submitted too long ago, where a collection says how long', async () => {
    await gallery.collections.update(T, C, { retentionDays: 30 });
    await gallery.collection('forever');
    const [old, young] = [
      await gallery.submit('old', { vectors: [direction(0)], submittedAt: daysAgo(31) }),
      await gallery.submit('young', { vectors: [direction(0)], submittedAt: daysAgo(29) }),
    ];
    const kept = await gallery.submit('old', { submittedAt: daysAgo(400), collection: 'forever' });
    expect(await sweep()).toBe(1);
    expect(await Promise.all([old, young, kept].map(known))).toEqual([false, true, true]);
    expect(await sweep()).toBe(0);
    expect(await sweep(2)).toBe(1);
    expect(await known(young)).toBe(false);
  });

  it('keeps the photos that reference faces are from, and no other enrolment photos', async () => {
    await gallery.collections.update(T, C, { retentionDays: 30 });
    const ada = await gallery.person('Ada');
    const intent = { kind: 'enrol', personId: ada.id, name: 'Ada', existing: true } as const;
    const submittedAt = daysAgo(31);
    const reference = await gallery.submit('reference', { vectors: [direction(0)], intent, submittedAt });
    const refused = await gallery.submit('refused', { vectors: [], intent, submittedAt });
    const unfinished = await gallery.submit('unfinished', { intent, submittedAt, until: 'ingested' });
    expect(await sweep()).toBe(1);
    expect(await Promise.all([reference, refused, unfinished].map(known))).toEqual([true, false, true]);
    expect((await gallery.people.find(ada))!.references).toHaveLength(1);
  });

  it('removes what failed before it had a document, and what never came any further than being accepted', async () => {
    await gallery.collections.update(T, C, { retentionDays: 30 });
    const accepted = await gallery.submit('accepted', { until: 'accepted', submittedAt: daysAgo(0) });
    const failed = { tenant: T, collection: C, assetId: accepted.assetId.replace(/^./, '0') };
    await gallery.assets.writeResult({
      ...{ version: 1, state: 'failed', ...failed, contract: CONTRACT, submittedAt: daysAgo(0) },
      failure: {
        ...{ stage: 'ingest', code: 'INGEST.EMPTY', message: 'No bytes.', remedy: 'Replace it.', attempts: 1 },
        details: {},
      },
    });
    expect(await sweep(29)).toBe(0);
    expect(await sweep(31)).toBe(2);
    expect(await Promise.all([accepted, failed].map(known))).toEqual([false, false]);
  });

  it('reads no documents that were written long after the limit', async () => {
    await gallery.collections.update(T, C, { retentionDays: 1 });
    const ancient = await gallery.submit('ancient', { submittedAt: daysAgo(400) });
    await gallery.intake.remove(T, ancient.assetId);
    // Written today: a limit eight days ago is past the slack, one of six days ago is not.
    const before = (days: number): Promise<number> => sweep(1 - days);
    expect(await before(8)).toBe(0);
    expect(await before(6)).toBe(1);
  });
});
