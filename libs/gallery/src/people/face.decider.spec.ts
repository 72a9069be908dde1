import { type PersonDocument, uuidV5 } from '@facelane/contracts';
import type { IndexedPoint } from '@facelane/face-index';
import type { AssetKey } from '@facelane/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../../stages/src/testing/stage.samples.js';
import { C, LivingGallery, T } from '../testing/living-gallery.fixture.js';

let gallery: LivingGallery;
let ada: PersonDocument;
let bo: PersonDocument;
beforeEach(async () => {
  gallery = await LivingGallery.open();
  [ada, bo] = [await gallery.person('Ada'), await gallery.person('Bo')];
  await gallery.enrol(ada, direction(0));
  await gallery.enrol(bo, direction(4));
});
afterEach(() => gallery.close());

const pointOf = async (photo: AssetKey, face: number): Promise<IndexedPoint> => {
  const filter = { tenant: T, collection: C, kind: 'face', assetId: photo.assetId } as const;
  for await (const point of gallery.index.scroll(CONTRACT, filter)) if (point.faceIndex === face) return point;
  throw new Error(`no face ${face}`);
};
const whoIs = async (photo: AssetKey): Promise<(string | undefined)[]> =>
  (await gallery.result(photo)).faces.map(({ personId }) => personId);

describe('a face that is assigned', () => {
  it('is the person at once, in result and index, and stays it however the faces compare', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(4, 0.9), direction(2)] });
    const face = await gallery.editor.assign(await pointOf(photo, 0), ada.id);
    expect(face).toMatchObject({ decision: 'match', personId: ada.id, assignment: { personId: ada.id } });
    expect((await gallery.result(photo)).faces[0]).toEqual(face);
    expect(await pointOf(photo, 0)).toMatchObject({ personId: ada.id, decision: 'match' });
    expect([...gallery.belt.matches.keys()]).toEqual([photo.assetId]);
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([ada.id, undefined]);
    await gallery.enrol(bo, direction(4, 0.9));
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([ada.id, undefined]);
  });

  it('takes the person from another face of the photo', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9), direction(2)] });
    expect(await whoIs(photo)).toEqual([ada.id, undefined]);
    await gallery.editor.assign(await pointOf(photo, 1), ada.id);
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([undefined, ada.id]);
    expect((await gallery.result(photo)).faces[0]).toMatchObject({ displacedBy: 1 });
  });

  it('is whom the person was merged into, and is not rejected any more', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(4, 0.9)] });
    const point = await pointOf(photo, 0);
    await gallery.editor.reject(point, bo.id);
    await gallery.editor.merge(bo, ada);
    await gallery.editor.assign(point, ada.id);
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([bo.id]);
    expect(await gallery.people.find(bo)).not.toHaveProperty('rejected');
  });
});

describe('a face that is rejected', () => {
  it('is not the person at once, nor ever, until it is assigned', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    const face = await gallery.editor.reject(await pointOf(photo, 0), ada.id);
    expect(face).toMatchObject({ decision: 'none' });
    expect(face!.candidates.map(({ personId }) => personId)).not.toContain(ada.id);
    const point = await pointOf(photo, 0);
    expect(point.decision).toBe('none');
    expect(point).not.toHaveProperty('personId');
    expect(point).not.toHaveProperty('score');
    await gallery.drain();
    await gallery.enrol(ada, direction(0, 0.9));
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([undefined]);
    expect((await gallery.people.find(ada))!.rejected).toEqual([point.id]);
    await gallery.editor.reject(point, ada.id);
    expect((await gallery.people.find(ada))!.rejected).toEqual([point.id]);
    await gallery.editor.assign(point, ada.id);
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([ada.id]);
  });

  it('was never assigned to the person, nor to one merged into him, and stays assigned to anybody else', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(2), direction(6)] });
    await gallery.editor.assign(await pointOf(photo, 0), ada.id);
    await gallery.editor.assign(await pointOf(photo, 1), bo.id);
    const cy = await gallery.person('Cy');
    await gallery.editor.merge(cy, ada);
    await gallery.editor.reject(await pointOf(photo, 0), cy.id);
    await gallery.editor.reject(await pointOf(photo, 1), cy.id);
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([undefined, bo.id]);
    expect((await gallery.result(photo)).faces[0]).not.toHaveProperty('assignment');
  });
});

describe('what is said of a face', () => {
  it('is of no use without face or person', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    const point = await pointOf(photo, 0);
    const missing = { code: 'GALLERY.PERSON_MISSING' };
    await expect(gallery.editor.assign(point, uuidV5('nobody'))).rejects.toMatchObject(missing);
    await expect(gallery.editor.reject(point, uuidV5('nobody'))).rejects.toMatchObject(missing);
    await expect(gallery.editor.assign({ ...point, collection: 'other' }, ada.id)).resolves.toBeUndefined();
    for (const face of [
      { ...point, id: uuidV5('none') },
      { ...point, assetId: uuidV5('none') },
    ]) {
      expect(await gallery.editor.assign(face, ada.id)).toBeUndefined();
      expect(await gallery.editor.reject(face, ada.id)).toBeUndefined();
    }
    expect(await gallery.people.find(ada)).not.toHaveProperty('rejected');
    expect(await whoIs(photo)).toEqual([ada.id]);
  });

  it('is not lost when two say something of two faces at once', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(2), direction(6)] });
    await Promise.all([
      gallery.editor.assign(await pointOf(photo, 0), ada.id),
      gallery.editor.assign(await pointOf(photo, 1), bo.id),
    ]);
    await gallery.drain();
    expect(await whoIs(photo)).toEqual([ada.id, bo.id]);
  });

  it('of a person ends when there are more than he can hold', async () => {
    const photo = await gallery.submit('photo', { vectors: [direction(0, 0.9)] });
    const rejected = Array.from({ length: 10_000 }, (_, n) => uuidV5('face', String(n)));
    await gallery.people.change(ada, (person) => ({ ...person, rejected }));
    const refused = gallery.editor.reject(await pointOf(photo, 0), ada.id);
    await expect(refused).rejects.toMatchObject({ code: 'GALLERY.TOO_MANY' });
  });
});
