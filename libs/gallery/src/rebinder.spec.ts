import { facePointIdOf, uuidV5 } from '@facelane/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../stages/src/testing/stage.samples.js';
import { C, LivingGallery, T } from './testing/living-gallery.fixture.js';

let gallery: LivingGallery;
beforeEach(async () => {
  gallery = await LivingGallery.open();
});
afterEach(() => gallery.close());

const { signal } = new AbortController();
const rebind = async (personId: string): Promise<string[]> => {
  gallery.belt.matches.clear();
  const count = await gallery.rebinder.rebind({ tenant: T, collection: C, contract: CONTRACT, personId }, signal);
  expect(gallery.belt.matches.size).toBe(count);
  return [...gallery.belt.matches.keys()].sort();
};
const ids = (...assets: { assetId: string }[]): string[] => assets.map(({ assetId }) => assetId).sort();

describe('a person with a new reference face', () => {
  it('has the faces compared again that are at or above the review bar, each photo once', async () => {
    const like = await gallery.submit('like', { vectors: [direction(0, 0.9), direction(0, 0.95)] });
    const atBar = await gallery.submit('at the bar', { vectors: [direction(0, 0.41)] });
    await gallery.submit('unlike', { vectors: [direction(0, 0.39), direction(4)] });
    const ada = await gallery.person('Ada');
    await gallery.enrol(ada, direction(0));
    expect(await rebind(ada.id)).toEqual(ids(like, atBar));
    expect(gallery.belt.matches.get(like.assetId)).toMatchObject({
      ...{ collection: C, contract: CONTRACT, lane: 'bulk', again: true, faces: 2 },
      photo: { sha256: like.sha256 },
    });
    await gallery.drain();
    expect((await gallery.result(like)).faces.map(({ personId }) => personId)).toContain(ada.id);
    expect((await gallery.result(atBar)).faces[0]).toMatchObject({ decision: 'review', personId: ada.id });
  });

  it('has those left alone that were decided for him with the score they have now', async () => {
    const ada = await gallery.person('Ada');
    await gallery.enrol(ada, direction(0));
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    expect(await rebind(ada.id)).toEqual([]);
    // A face of his that a new reference resembles more.
    await gallery.enrol(ada, direction(0, 0.95));
    expect(await rebind(ada.id)).toEqual(ids(photo));
    await gallery.drain();
    expect(await rebind(ada.id)).toEqual([]);
  });

  it('has those compared again that are another one by now, and not those that were said not to be him', async () => {
    const [ada, bo] = [await gallery.person('Ada'), await gallery.person('Bo')];
    await gallery.enrol(bo, direction(0, 0.8));
    const [photo, other] = [
      await gallery.submit('photo', { vectors: [direction(0, 0.9)] }),
      await gallery.submit('other', { vectors: [direction(0, 0.85)] }),
    ];
    expect((await gallery.result(photo)).faces[0]).toMatchObject({ personId: bo.id });
    await gallery.enrol(ada, direction(0));
    const pointId = facePointIdOf(T, other.assetId, CONTRACT, 0);
    await gallery.people.change(ada, (person) => ({ ...person, rejected: [pointId] }));
    expect(await rebind(ada.id)).toEqual(ids(photo));
  });

  it('is searched with all his references, and past any number of faces', async () => {
    const ada = await gallery.person('Ada');
    for (let n = 0; n < 18; n += 1) await gallery.enrol(ada, direction(4, n === 17 ? 1 : -1 + n / 1000), `old ${n}`);
    const crowd = await gallery.submit('crowd', { vectors: [direction(4, 0.999)] });
    const last = await gallery.submit('last', { vectors: [direction(4, 0.5)] });
    const far = await gallery.submit('far', { vectors: [direction(4, 0.3)] });
    await gallery.index.upsert(
      CONTRACT,
      Array.from({ length: 1100 }, (_, n) => ({
        ...({ id: uuidV5('crowd', String(n)), kind: 'face', tenant: T, collection: C, faceIndex: n } as const),
        ...{ assetId: crowd.assetId, vector: direction(4, 0.99 - n / 10_000) },
      })),
    );
    // They were decided for him already, all but the last; now the index has forgotten it.
    for (const [asset, cosine] of [
      [crowd, 0.999],
      [last, 0.5],
      [far, 0.3],
    ] as const) {
      const id = facePointIdOf(T, asset.assetId, CONTRACT, 0);
      const point = { id, kind: 'face', tenant: T, collection: C, assetId: asset.assetId, faceIndex: 0 } as const;
      await gallery.index.upsert(CONTRACT, [{ ...point, vector: direction(4, cosine) }]);
    }
    expect(await rebind(ada.id)).toEqual(ids(crowd, last));
  });
});

describe('a person who lost a reference face', () => {
  it('has the faces compared again that were decided for him', async () => {
    const ada = await gallery.person('Ada');
    await gallery.enrol(ada, direction(0));
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    await gallery.index.deleteWhere(CONTRACT, { tenant: T, collection: C, kind: 'person', personId: ada.id });
    expect(await rebind(ada.id)).toEqual(ids(photo));
    await gallery.drain();
    expect((await gallery.result(photo)).faces[0]).toMatchObject({ decision: 'none', candidates: [] });
    expect(await rebind(ada.id)).toEqual([]);
  });

  it('or is gone: only what was decided for him, whatever is left of him in the index', async () => {
    const ada = await gallery.person('Ada');
    await gallery.submit('before', { vectors: [direction(0, 0.95)] });
    await gallery.enrol(ada, direction(0));
    const after = await gallery.submit('after', { vectors: [direction(0, 0.9)] });
    await gallery.people.remove(ada);
    expect(await rebind(ada.id)).toEqual(ids(after));
  });
});

describe('nothing is put back', () => {
  it('of assets that are unfinished, failed, gone or without faces, nor when nothing was ever indexed', async () => {
    const ada = await gallery.person('Ada');
    expect(await rebind(ada.id)).toEqual([]);
    await gallery.enrol(ada, direction(0));
    const open = await gallery.submit('open', { vectors: [direction(0, 0.9)] });
    const gone = await gallery.submit('gone', { vectors: [direction(0, 0.8)] });
    await gallery.enrol(ada, direction(0, 0.99));
    await gallery.assets.removeResult(open);
    await gallery.assets.removeAsset(gone);
    expect(await rebind(ada.id)).toEqual([]);
  });

  it('of a collection that is gone, and when the work is called off', async () => {
    const ada = await gallery.person('Ada');
    await gallery.enrol(ada, direction(0));
    await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    await gallery.enrol(ada, direction(0, 0.99));
    const change = { tenant: T, collection: C, contract: CONTRACT, personId: ada.id };
    const off = AbortSignal.abort(new Error('called off'));
    await expect(gallery.rebinder.rebind(change, off)).rejects.toThrow('called off');
    await gallery.collections.remove(T, C);
    expect(await rebind(ada.id)).toEqual([]);
  });

  it('of an asset that is removed while it is put back', async () => {
    const ada = await gallery.person('Ada');
    await gallery.enrol(ada, direction(0));
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    await gallery.enrol(ada, direction(0, 0.99));
    const { belt } = gallery;
    const rematch = belt.rematch.bind(belt);
    // Removed after its documents were read; the removal's look for jobs comes too early.
    belt.rematch = async (jobs) => {
      await gallery.remover.remove(photo);
      await rematch(jobs);
    };
    await gallery.rebinder.rebind({ tenant: T, collection: C, contract: CONTRACT, personId: ada.id }, signal);
    expect(belt.matches.size).toBe(0);
    expect(belt.withdrawn).toContain(photo.assetId);
  });
});
