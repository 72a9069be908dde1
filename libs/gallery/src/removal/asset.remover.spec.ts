import { decodeCrops, keys, type MatchJob, type Source, uuidV5 } from '@facelane/contracts';
import type { AssetKey } from '@facelane/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../../stages/src/testing/stage.samples.js';
import { crashingAfter, intercepted, survives } from '../testing/crashing.js';
import { C, LivingGallery, T } from '../testing/living-gallery.fixture.js';

const WEB: Source = { kind: 'url', url: 'https://photos.example/1.jpg' };

async function tracesOfAsset(gallery: LivingGallery, { assetId }: AssetKey): Promise<string[]> {
  const found = [...(await gallery.everything())].filter(([key, text]) => (key + text).includes(assetId));
  return found.map(([key]) => key);
}

describe.each(['fs', 's3'] as const)('removing an asset on %s', (driver) => {
  let gallery: LivingGallery;
  beforeEach(async () => {
    gallery = await LivingGallery.open(driver);
  });
  afterEach(() => gallery.close());

  const tracesOf = (key: AssetKey): Promise<string[]> => tracesOfAsset(gallery, key);
  const has = async (key: string): Promise<boolean> => (await gallery.store.head(key)) !== undefined;

  it('leaves nothing of it in store, index and queues, and everything of the others', async () => {
    await gallery.submit('other', { vectors: [direction(4)] });
    const before = { store: await gallery.everything(), points: await gallery.points() };
    const photo = await gallery.submit('photo', { vectors: [direction(0), direction(2)] });
    gallery.belt.others.set(photo.assetId, { stage: 'detect' });
    const removed = await gallery.remover.remove(photo);
    // The upload, the crops and the embeddings.
    expect(removed).toEqual({ jobs: 1, points: 2, objects: 3, references: 0, assets: 1 });
    expect(await gallery.everything()).toEqual(before.store);
    expect(await gallery.points()).toEqual(before.points);
    expect(gallery.belt.others.size).toBe(0);
    expect(await gallery.remover.remove(photo)).toMatchObject({ points: 0, objects: 0, assets: 0 });
  });

  it('leaves what is not ours: an object of a customer, in our bucket too, is his', async () => {
    const theirs: Source = { kind: 'object', bucket: gallery.store.bucket, key: 'holiday/1.jpg' };
    const photo = await gallery.submit('photo', { vectors: [direction(0)], source: theirs });
    const fetched = await gallery.submit('fetched', { vectors: [direction(0)], source: WEB });
    expect(await has(keys.photo(T, fetched.sha256))).toBe(true);
    for (const each of [photo, fetched]) await gallery.remover.remove(each);
    expect(await has(theirs.key)).toBe(true);
    expect(await has(keys.photo(T, fetched.sha256))).toBe(false);
    expect([await tracesOf(photo), await tracesOf(fetched)]).toEqual([[], []]);
  });

  it('leaves what others with the same bytes work with, under the name of one of them', async () => {
    const first = await gallery.submit('same', { vectors: [direction(0)], source: WEB });
    const source = (n: number): Source => ({ kind: 'url', url: `https://photos.example/${n}.jpg` });
    const second = await gallery.submit('same', { vectors: [direction(0)], source: source(2) });
    const third = await gallery.submit('same', { vectors: [direction(0)], source: source(3) });
    await gallery.collection('other');
    const elsewhere = await gallery.submit('same', { vectors: [direction(0)], source: WEB, collection: 'other' });
    expect((await gallery.result(second)).duplicateOf).toBe(first.assetId);
    expect(await gallery.remover.remove(first)).toMatchObject({ objects: 0, assets: 1 });
    expect(await tracesOf(first)).toEqual([]);
    const [heir, follower] = [second, third].sort((a, b) => (a.assetId < b.assetId ? -1 : 1));
    expect(await gallery.result(heir!)).not.toHaveProperty('duplicateOf');
    expect((await gallery.result(follower!)).duplicateOf).toBe(heir!.assetId);
    const { header } = decodeCrops((await gallery.store.get(keys.crops(T, CONTRACT, first.sha256))).body);
    expect(header).toMatchObject({ assetId: heir!.assetId, collection: C });
    await gallery.remover.remove(heir!);
    await gallery.remover.remove(follower!);
    expect(await has(keys.photo(T, first.sha256))).toBe(true);
    expect(await gallery.remover.remove(elsewhere)).toMatchObject({ objects: 3 });
    expect(await has(keys.photo(T, first.sha256))).toBe(false);
  });

  it('leaves an upload that another asset was made from', async () => {
    const upload: Source = { kind: 'object', bucket: gallery.store.bucket, key: keys.upload(T, uuidV5('upload')) };
    await gallery.collection('other');
    const one = await gallery.submit('photo', { vectors: [direction(0)], source: upload });
    const two = await gallery.submit('photo', { vectors: [direction(0)], source: upload, collection: 'other' });
    await gallery.remover.remove(one);
    expect(await has(upload.key)).toBe(true);
    await gallery.remover.remove(two);
    expect(await has(upload.key)).toBe(false);
  });

  it('knows one that was only accepted, and one that failed before it had a document', async () => {
    const accepted = await gallery.submit('accepted', { until: 'accepted' });
    const failed = await gallery.submit('failed', { until: 'accepted' });
    await gallery.assets.writeResult({
      ...{ version: 1, state: 'failed', tenant: T, collection: C, assetId: failed.assetId, contract: CONTRACT },
      submittedAt: '2026-01-02T03:04:05.678Z',
      failure: {
        ...{ stage: 'ingest', code: 'INGEST.EMPTY', message: 'No bytes.', remedy: 'Replace it.', attempts: 1 },
        details: {},
      },
    });
    for (const each of [accepted, failed]) {
      expect(await gallery.remover.remove(each)).toMatchObject({ objects: 1, assets: 1 });
      expect(await tracesOf(each)).toEqual([]);
    }
  });

  it('takes the reference face along that was made of it, and has faces compared again', async () => {
    const ada = await gallery.person('Ada');
    const reference = await gallery.enrol(ada, direction(0));
    const kept = await gallery.enrol(ada, direction(2));
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    await gallery.drain();
    expect(await gallery.remover.remove(reference)).toMatchObject({ references: 1, points: 1 });
    expect((await gallery.people.find(ada))!.references.map(({ assetId }) => assetId)).toEqual([kept.assetId]);
    expect(await tracesOf(reference)).toEqual([]);
    await gallery.drain();
    expect((await gallery.result(photo)).faces[0]).toMatchObject({ decision: 'none' });
  });
});

describe('removing an asset', () => {
  let gallery: LivingGallery;
  beforeEach(async () => {
    gallery = await LivingGallery.open();
  });
  afterEach(() => gallery.close());

  it('undoes a run that ended in the middle of it', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(0)] });
    const { belt } = gallery;
    let looks = 0;
    const withdraw = belt.withdraw.bind(belt);
    // Nothing is on the belt at either look; in between, somebody put it back, and it was compared.
    belt.withdraw = async (assetId) => {
      looks += 1;
      if (looks === 2) await rerun();
      return withdraw(assetId);
    };
    const job: MatchJob = {
      ...{ tenant: T, collection: C, assetId: photo.assetId, contract: CONTRACT, faces: 0 },
      lane: 'bulk',
      intent: { kind: 'identify' },
      submittedAt: '2026-01-02T03:04:05.678Z',
      photo: { sha256: photo.sha256, bytes: 1, format: 'jpeg', width: 1, height: 1 },
    };
    const rerun = (): Promise<void> => gallery.match(job);
    await gallery.remover.remove(photo);
    expect(looks).toBeGreaterThan(1);
    expect(await gallery.assets.findResult(photo)).toBeUndefined();
  });

  it('leaves no link to it in a result that was written while its name was handed on', async () => {
    const first = await gallery.submit('same', { vectors: [direction(0)], source: WEB });
    const others: (AssetKey & { readonly sha256: string })[] = [];
    for (const n of [2, 3]) {
      const source: Source = { kind: 'url', url: `https://photos.example/${n}.jpg` };
      others.push(await gallery.submit('same', { vectors: [direction(0)], source, until: 'ingested' }));
    }
    const match = async ({ assetId, sha256 }: AssetKey & { readonly sha256: string }): Promise<void> =>
      gallery.match({
        ...{ tenant: T, collection: C, assetId, contract: CONTRACT, faces: 1, lane: 'bulk' },
        intent: { kind: 'identify' },
        submittedAt: '2026-01-02T03:04:05.678Z',
        photo: { sha256, bytes: 1, format: 'jpeg', width: 1, height: 1 },
      });
    // They read the old name just before it is changed.
    const store = intercepted(gallery.store, async (name, [key]) => {
      if (name === 'put' && String(key).endsWith('.embeddings')) for (const each of others) await match(each);
    });
    await gallery.over(store, gallery.index, gallery.belt).assetRemover.remove(first);
    expect(await tracesOfAsset(gallery, first)).toEqual([]);
    const links = await Promise.all(others.map(async (each) => (await gallery.result(each)).duplicateOf));
    const [heir] = others.map(({ assetId }) => assetId).sort();
    expect(links.sort()).toEqual([heir, undefined]);
  });

  it('can die at any point and is finished by asking again', async () => {
    await gallery.submit('same', { vectors: [direction(4)], source: WEB });
    const ada = await gallery.person('Ada');
    const pristine = { store: await gallery.everything(), points: await gallery.points() };
    const build = async (): Promise<AssetKey[]> => [
      await gallery.submit('photo', { vectors: [direction(0), direction(2)] }),
      await gallery.enrol(ada, direction(6)),
      // The bytes of another asset.
      await gallery.submit('same', { vectors: [direction(4)] }),
    ];
    for (let changes = 0, done = false; !done; changes += 1) {
      done = true;
      for (const asset of await build()) {
        const survived = await survives(crashingAfter(gallery, changes).assetRemover.remove(asset));
        // Whoever asks for it again finds it, as long as there is anything of it.
        const isKnown = (await gallery.assets.findAsset(asset)) !== undefined;
        const text = JSON.stringify([...(await gallery.everything()), await gallery.points()]);
        expect(isKnown, `after ${changes} changes`).toBe(text.includes(asset.assetId));
        if (isKnown) await gallery.remover.remove(asset);
        done &&= survived;
      }
      expect(await gallery.points()).toEqual(pristine.points);
      expect(await gallery.everything()).toEqual(pristine.store);
      expect(changes).toBeLessThan(100);
    }
  });
});
