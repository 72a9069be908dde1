import { decodeCrops, keys, uuidV5 } from '@facelane/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../../stages/src/testing/stage.samples.js';
import { crashingAfter, survives } from '../testing/crashing.js';
import { C, LivingGallery, T } from '../testing/living-gallery.fixture.js';

let gallery: LivingGallery;
beforeEach(async () => {
  gallery = await LivingGallery.open();
});
afterEach(() => gallery.close());

const has = async (key: string): Promise<boolean> => (await gallery.store.head(key)) !== undefined;
const references = (): Promise<number> => gallery.index.count(CONTRACT, { tenant: T, collection: C, kind: 'person' });

describe('removing a reference face', () => {
  it('takes its point and its photo along, and has faces compared again', async () => {
    const ada = await gallery.person('Ada');
    const [first, second] = [await gallery.enrol(ada, direction(0)), await gallery.enrol(ada, direction(4))];
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    await gallery.drain();
    const [reference] = (await gallery.people.find(ada))!.references;
    const changed = await gallery.editor.removeReference(ada, reference!.pointId);
    expect(changed!.references.map(({ assetId }) => assetId)).toEqual([second.assetId]);
    expect(await references()).toBe(1);
    expect(await gallery.assets.findAsset(first)).toBeUndefined();
    expect(await has(keys.embeddings(T, CONTRACT, first.sha256))).toBe(false);
    await gallery.drain();
    expect((await gallery.result(photo)).faces[0]).toMatchObject({ decision: 'none' });
    expect(await gallery.editor.removeReference(ada, reference!.pointId)).toEqual(changed);
    const nobody = { ...ada, id: uuidV5('nobody') };
    expect(await gallery.editor.removeReference(nobody, reference!.pointId)).toBeUndefined();
  });

  it('that came with a merge takes it from both, so that undoing the merge does not bring it back', async () => {
    const [ada, bo] = [await gallery.person('Ada'), await gallery.person('Bo')];
    await gallery.enrol(bo, direction(0));
    await gallery.editor.merge(ada, bo);
    const [reference] = (await gallery.people.find(ada))!.references;
    await gallery.editor.removeReference(ada, reference!.pointId);
    expect((await gallery.people.find(ada))!.references).toEqual([]);
    await gallery.editor.unmerge(ada, bo);
    expect((await gallery.people.find(bo))!.references).toEqual([]);
    expect(await references()).toBe(0);
  });

  it('lets go of a photo that lies at its source no more', async () => {
    const ada = await gallery.person('Ada');
    const asset = await gallery.enrol(ada, direction(0));
    // Another photo was submitted from the same source; the reference keeps the one it was taken from.
    const document = (await gallery.assets.findAsset(asset))!;
    const photo = { ...document.photo, sha256: 'f'.repeat(64) };
    await gallery.assets.writeAsset({ ...document, photo });
    await gallery.assets.changeResult(asset, (result) => ({ ...result, photo }));
    const [reference] = (await gallery.people.find(ada))!.references;
    await gallery.editor.removeReference(ada, reference!.pointId);
    expect(await has(keys.embeddings(T, CONTRACT, asset.sha256))).toBe(false);
    expect(await has(keys.use(T, asset.sha256, C, asset.assetId))).toBe(false);
  });
});

describe('removing a person', () => {
  it('takes along photos, points and everybody merged into him, and leaves the others and photos of others', async () => {
    const cy = await gallery.person('Cy');
    await gallery.enrol(cy, direction(6));
    const [ada, bo, di] = [await gallery.person('Ada'), await gallery.person('Bo'), await gallery.person('Di')];
    await gallery.enrol(ada, direction(0));
    await gallery.enrol(bo, direction(2));
    await gallery.enrol(di, direction(4));
    // Bytes that are a photo of the gallery too.
    const photo = await gallery.submit('shared', {
      vectors: [direction(0, 0.9), direction(6, 0.9), direction(4, 0.9)],
    });
    await gallery.enrol(ada, direction(0, 0.9), 'shared');
    await gallery.editor.merge(bo, di);
    await gallery.editor.merge(ada, bo);
    await gallery.drain();
    expect((await gallery.result(photo)).faces.map(({ personId }) => personId)).toContain(ada.id);
    await expect(gallery.editor.remove(bo)).rejects.toMatchObject({ code: 'GALLERY.PERSON_MERGED' });
    expect(await gallery.editor.remove(ada)).toBe(true);
    await gallery.drain();
    for (const gone of [ada, bo, di]) expect(await gallery.people.find(gone)).toBeUndefined();
    expect(await references()).toBe(1);
    const { faces } = await gallery.result(photo);
    expect(faces.map(({ personId }) => personId)).toEqual([undefined, cy.id, undefined]);
    expect(JSON.stringify(faces)).not.toContain(ada.id);
    const { crops } = decodeCrops((await gallery.store.get(keys.crops(T, CONTRACT, photo.sha256))).body);
    expect(new Set(crops)).toEqual(new Set([1, 2, 3]));
    expect(await gallery.editor.remove(ada)).toBe(false);
  });

  it('can die at any point and is finished by asking again', async () => {
    const cy = await gallery.person('Cy');
    await gallery.enrol(cy, direction(6));
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9), direction(6, 0.9)] });
    await gallery.drain();
    const pristine = { store: await gallery.everythingNow(), points: await gallery.points() };
    for (let changes = 0, done = false; !done; changes += 1) {
      const [ada, bo] = [await gallery.person('Ada'), await gallery.person('Bo')];
      await gallery.enrol(ada, direction(0));
      await gallery.enrol(bo, direction(4));
      await gallery.editor.merge(ada, bo);
      await gallery.drain();
      expect((await gallery.result(photo)).faces[0]!.personId).toBe(ada.id);
      done = await survives(crashingAfter(gallery, changes).editor.remove(ada));
      // Whoever was told of a failure asks again, if the person is still there.
      if ((await gallery.people.find(ada)) !== undefined) await gallery.editor.remove(ada);
      await gallery.drain();
      expect(await gallery.points(), `after ${changes} changes`).toEqual(pristine.points);
      expect(await gallery.everythingNow(), `after ${changes} changes`).toEqual(pristine.store);
    }
  });
});
