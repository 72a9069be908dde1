import { keys } from '@facelane/contracts';
import type { AssetKey } from '@facelane/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { direction } from '../../../stages/src/testing/stage.samples.js';
import { crashingAfter, intercepted, survives } from '../testing/crashing.js';
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

describe('removing a collection', () => {
  const build = async (): Promise<AssetKey[]> => {
    await gallery.collection(C);
    const [ada, bo] = [await gallery.person('Ada'), await gallery.person('Bo')];
    const assets = [
      await gallery.enrol(ada, direction(0)),
      await gallery.enrol(bo, direction(4)),
      await gallery.submit('photo', { vectors: [direction(0, 0.9), direction(4, 0.9)] }),
      await gallery.submit('open', { vectors: [direction(2)], until: 'ingested' }),
      await gallery.submit('accepted', { until: 'accepted' }),
      await gallery.submit('shared', { vectors: [direction(6)] }),
    ];
    await gallery.suppressions.add(T, C, [{ externalId: 'x-Cy' }]);
    gallery.belt.others.set(assets[4]!.assetId, { tenant: T, collection: C });
    return assets;
  };

  it('leaves nothing of it, everything of the others, and receipts; cut short at any point it goes on', async () => {
    await gallery.collection('other');
    await gallery.submit('shared', { vectors: [direction(6)], collection: 'other' });
    await gallery.store.put(keys.receipt(T, 'r'), new Uint8Array(2), { contentType: 'application/json' });
    gallery.belt.others.set('of-other', { tenant: T, collection: 'other' });
    await gallery.collections.remove(T, C);
    const pristine = { store: await gallery.everything(), points: await gallery.points('other') };
    for (let changes = 0, done = false; !done; changes = Math.ceil(changes * 1.4) + 1) {
      await build();
      done = await survives(crashingAfter(gallery, changes).collectionRemover.remove(T, C));
      if (!done) {
        const again = (await gallery.collections.find(T, C)) !== undefined;
        if (again) await gallery.collectionRemover.remove(T, C);
      }
      expect(await gallery.everything(), `after ${changes} changes`).toEqual(pristine.store);
      expect(await gallery.points()).toEqual([]);
      expect(await gallery.points('other')).toEqual(pristine.points);
      expect([...gallery.belt.others.keys()]).toEqual(['of-other']);
    }
  });

  it('tells how much there was, and takes along what was accepted at the last moment', async () => {
    await build();
    let late: AssetKey | undefined;
    const store = intercepted(gallery.store, async (name, [key]) => {
      const isLast = name === 'delete' && key === keys.collection(T, C);
      if (isLast) late = await gallery.submit('late', { until: 'accepted' });
    });
    const { collectionRemover } = gallery.over(store, gallery.index, gallery.belt);
    expect(await collectionRemover.remove(T, C)).toEqual({ assets: 7, people: 2 });
    expect(await known(late!)).toBe(false);
    expect(await gallery.collectionRemover.remove(T, C)).toEqual({ assets: 0, people: 0 });
  });
});
