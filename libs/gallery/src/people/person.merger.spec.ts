import { keys, type PersonDocument } from '@facelane/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../../stages/src/testing/stage.samples.js';
import { crashingAfter, survives } from '../testing/crashing.js';
import { C, LivingGallery, T } from '../testing/living-gallery.fixture.js';

let gallery: LivingGallery;
beforeEach(async () => {
  gallery = await LivingGallery.open();
});
afterEach(() => gallery.close());

/** Ada, twice in the gallery by mistake: as Ada with one reference face and as Countess with two. */
async function twice(): Promise<{ ada: PersonDocument; countess: PersonDocument }> {
  const [ada, countess] = [await gallery.person('Ada'), await gallery.person('Countess')];
  await gallery.enrol(ada, direction(0));
  await gallery.enrol(countess, direction(2));
  await gallery.enrol(countess, direction(4));
  return { ada, countess };
}
const points = async (personId: string): Promise<number> =>
  gallery.index.count(CONTRACT, { tenant: T, collection: C, kind: 'person', personId });
const whoIs = async (photo: Parameters<LivingGallery['result']>[0]): Promise<(string | undefined)[]> =>
  (await gallery.result(photo)).faces.map(({ personId }) => personId);

describe('a merge', () => {
  it('gives references and their points to one, keeps the document of the other, and has faces compared again', async () => {
    const { ada, countess } = await twice();
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9), direction(2, 0.9)] });
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([ada.id, countess.id]);
    const owner = await gallery.editor.merge(ada, countess);
    expect(owner).toEqual(await gallery.people.find(ada));
    expect(owner).toMatchObject({ name: 'Ada', absorbed: [countess.id] });
    expect(owner!.references.map(({ mergedFrom }) => mergedFrom)).toEqual([undefined, countess.id, countess.id]);
    const before = await gallery.people.find(countess);
    expect(before).toMatchObject({ name: 'Countess', mergedInto: ada.id });
    expect(before!.references).toHaveLength(2);
    expect([await points(ada.id), await points(countess.id)]).toEqual([3, 0]);
    await gallery.drain();
    // One person is one face of a photo.
    expect((await whoIs(photo)).filter((id) => id !== undefined)).toEqual([ada.id]);
    const another = await gallery.submit('another', { vectors: [direction(4, 0.9)] });
    expect(await whoIs(another)).toEqual([ada.id]);
  });

  it('makes points from the photos where the index lost them', async () => {
    const { ada, countess } = await twice();
    await gallery.index.deleteWhere(CONTRACT, { tenant: T, collection: C });
    await gallery.editor.merge(ada, countess);
    expect(await points(ada.id)).toBe(2);
    const photo = await gallery.submit('photo', { vectors: [direction(4, 0.9)] });
    expect(await whoIs(photo)).toEqual([ada.id]);
  });

  it('takes what somebody said not to be him along', async () => {
    const { ada, countess } = await twice();
    const photo = await gallery.submit('photo', { vectors: [direction(2, 0.9)] });
    const { pointId } = (await gallery.result(photo)).faces[0]!;
    const [point] = await gallery.index.find(CONTRACT, [pointId]);
    await gallery.editor.reject(point!, countess.id);
    await gallery.editor.merge(ada, countess);
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([undefined]);
    await gallery.editor.unmerge(ada, countess);
    expect(await gallery.people.find(ada)).not.toHaveProperty('rejected');
    expect(await gallery.people.find(countess)).toMatchObject({ rejected: [pointId] });
  });

  it('is refused into himself, across collections, into and of somebody who is another one, and beyond the limits', async () => {
    const { ada, countess } = await twice();
    const third = await gallery.person('Third');
    const refused = { code: 'GALLERY.MERGE_REFUSED' };
    await expect(gallery.editor.merge(ada, ada)).rejects.toMatchObject(refused);
    await expect(gallery.editor.merge({ ...ada, collection: 'other' }, ada)).rejects.toMatchObject(refused);
    const nobody = { ...ada, id: '00000000-0000-4000-8000-000000000000' };
    expect(await gallery.editor.merge(nobody, ada)).toBeUndefined();
    await expect(gallery.editor.merge(ada, nobody)).rejects.toMatchObject({ code: 'GALLERY.PERSON_MISSING' });
    await gallery.editor.merge(ada, countess);
    const isMerged = { code: 'GALLERY.PERSON_MERGED' };
    await expect(gallery.editor.merge(countess, third)).rejects.toMatchObject(isMerged);
    await expect(gallery.editor.merge(third, countess)).rejects.toMatchObject(isMerged);
    expect(await gallery.people.find(third)).not.toHaveProperty('mergedInto');
    await gallery.people.change(third, (person) => {
      const rejected = Array.from(
        { length: 10_000 },
        (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      );
      return { ...person, rejected };
    });
    await gallery.people.change(ada, (person) => ({ ...person, rejected: ['00000000-0000-4000-8000-aaaaaaaaaaaa'] }));
    await expect(gallery.editor.merge(ada, third)).rejects.toMatchObject({ code: 'GALLERY.TOO_MANY' });
    expect(await gallery.people.find(third)).not.toHaveProperty('mergedInto');
  });

  it('of two into each other at once loses neither', async () => {
    const { ada, countess } = await twice();
    await Promise.allSettled([gallery.editor.merge(ada, countess), gallery.editor.merge(countess, ada)]);
    const people = [await gallery.people.resolve(ada), await gallery.people.resolve(countess)];
    expect(people).not.toContain(undefined);
    const references = new Set(people.flatMap((person) => person!.references.map(({ pointId }) => pointId)));
    expect(references.size).toBe(3);
  });

  it('has references that are enrolled later, and gives them back', async () => {
    const { ada, countess } = await twice();
    await gallery.editor.merge(ada, countess);
    await gallery.enrol(countess, direction(6));
    expect((await gallery.people.find(ada))!.references).toHaveLength(4);
    expect(await points(ada.id)).toBe(4);
    await gallery.editor.unmerge(ada, countess);
    expect((await gallery.people.find(countess))!.references).toHaveLength(3);
    expect([await points(ada.id), await points(countess.id)]).toEqual([1, 3]);
  });
});

describe('a merge that is undone', () => {
  it('leaves everything as it was before', async () => {
    const { ada, countess } = await twice();
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9), direction(2, 0.9)] });
    await gallery.drain();
    const before = { points: await gallery.points(), store: await gallery.everythingNow() };
    await gallery.editor.merge(ada, countess);
    await gallery.drain();
    expect(await whoIs(photo)).not.toContain(countess.id);
    const restored = await gallery.editor.unmerge(ada, countess);
    expect(restored).toEqual(await gallery.people.find(countess));
    await gallery.drain();
    expect(await gallery.points()).toEqual(before.points);
    expect(await gallery.everythingNow()).toEqual(before.store);
  });

  it('leaves merges within it as they are', async () => {
    const { ada, countess } = await twice();
    const third = await gallery.person('Third');
    await gallery.enrol(third, direction(6));
    await gallery.editor.merge(countess, third);
    const merged = await gallery.points();
    const store = await gallery.everythingNow();
    await gallery.editor.merge(ada, countess);
    expect((await gallery.people.find(ada))!.references).toHaveLength(4);
    expect((await gallery.people.resolve(third))!.id).toBe(ada.id);
    await expect(gallery.editor.unmerge(countess, third)).rejects.toMatchObject({ code: 'GALLERY.PERSON_MERGED' });
    await gallery.editor.unmerge(ada, countess);
    expect(await gallery.points()).toEqual(merged);
    expect(await gallery.everythingNow()).toEqual(store);
  });

  it('must have been one', async () => {
    const { ada, countess } = await twice();
    await expect(gallery.editor.unmerge(ada, countess)).rejects.toMatchObject({ code: 'GALLERY.MERGE_REFUSED' });
    await gallery.editor.merge(ada, countess);
    await expect(gallery.editor.unmerge(countess, ada)).rejects.toMatchObject({ code: 'GALLERY.MERGE_REFUSED' });
    await gallery.store.delete(keys.person(T, C, countess.id));
    expect(await gallery.editor.unmerge(ada, countess)).toBeUndefined();
  });
});

it.each(['merge', 'unmerge'] as const)('a %s can die at any point and is finished by asking again', async (what) => {
  const { ada, countess } = await twice();
  const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9), direction(2, 0.9)] });
  await gallery.drain();
  const apart = { points: await gallery.points(), store: await gallery.everythingNow() };
  await gallery.editor.merge(ada, countess);
  await gallery.drain();
  const together = { points: await gallery.points(), store: await gallery.everythingNow() };
  const wanted = what === 'merge' ? together : apart;
  for (let changes = 0, done = false; !done; changes += 1) {
    if (what === 'unmerge') await gallery.editor.merge(ada, countess);
    else await gallery.editor.unmerge(ada, countess);
    await gallery.drain();
    done = await survives(crashingAfter(gallery, changes).editor[what](ada, countess));
    // Once nobody is merged any more it is undone; all that may be missing is to compare faces again.
    if (!done && (what === 'merge' || (await gallery.people.find(countess))!.mergedInto !== undefined)) {
      await gallery.editor[what](ada, countess);
    }
    await gallery.drain();
    expect(await gallery.points(), `after ${changes} changes`).toEqual(wanted.points);
    expect(await gallery.everythingNow(), `after ${changes} changes`).toEqual(wanted.store);
    expect(await whoIs(photo)).toContain(ada.id);
  }
});
