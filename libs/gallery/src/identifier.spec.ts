import { facePointIdOf, type MatchJob } from '@facelane/contracts';
import type { IndexedPoint } from '@facelane/face-index';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  COLLECTION,
  COLLECTION_DOCUMENT,
  CONTRACT,
  direction,
  matchJob,
  TENANT,
} from '../../stages/src/testing/stage.samples.js';
import { embeddingsOf, keyOf, TestGallery } from './testing/gallery.fixture.js';

let gallery: TestGallery;
let asset: MatchJob;
beforeEach(async () => {
  gallery = await TestGallery.open();
  asset = matchJob(1);
});
afterEach(() => gallery.close());

const pointId = (index: number): string => facePointIdOf(TENANT, asset.assetId, CONTRACT, index);
const identify = (vectors: readonly Float32Array[], options?: Parameters<TestGallery['identifier']['identify']>[3]) =>
  gallery.identifier.identify(asset, COLLECTION_DOCUMENT, embeddingsOf(vectors), options);
const recognise = (vector: Float32Array, options?: Parameters<TestGallery['identifier']['recognise']>[3]) =>
  gallery.identifier.recognise(asset, COLLECTION_DOCUMENT, embeddingsOf([vector]), options).then(([only]) => only!);

async function points(): Promise<IndexedPoint[]> {
  const found: IndexedPoint[] = [];
  const filter = { tenant: TENANT, collection: COLLECTION, kind: 'face' } as const;
  for await (const point of gallery.stores.index.scroll(CONTRACT, filter)) found.push(point);
  return found.sort((a, b) => a.faceIndex! - b.faceIndex!);
}

describe('a question about a photo', () => {
  it('has no candidates where nobody was ever enrolled, and no error', async () => {
    expect(await recognise(direction(0))).toMatchObject({ decision: 'none', candidates: [] });
    expect(await recognise(direction(0), { withMeans: true })).toMatchObject({ candidates: [] });
  });

  it('names as many persons as are asked for, and has a margin whatever that number is', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `P${n}`);
    for (const [n, name] of names.entries()) await gallery.enrol(name, direction(0, 0.9 - n / 100));
    expect((await recognise(direction(0))).candidates.map(({ name }) => name)).toEqual(names.slice(0, 5));
    const all = await recognise(direction(0), { limit: 100 });
    expect(all.candidates.map(({ name }) => name)).toEqual(names);
    const one = await recognise(direction(0), { limit: 1 });
    expect(one.candidates).toHaveLength(1);
    expect(one.margin).toBe(all.margin);
    for (const limit of [0, 101, 1.5]) await expect(recognise(direction(0), { limit })).rejects.toThrow(RangeError);
  });

  it('gives the mean over all references beside the best', async () => {
    await gallery.enrol('Ada', direction(0));
    await gallery.enrol('Ada', direction(2));
    await gallery.enrol('Bo', direction(0, 0.5));
    const { candidates } = await recognise(direction(0), { withMeans: true });
    expect(candidates.map(({ name }) => name)).toEqual(['Ada', 'Bo']);
    expect(candidates[0]!.score).toBeCloseTo(1, 5);
    expect(candidates[0]!.mean).toBeCloseTo(0.5, 5);
    expect(candidates[1]!.mean).toBeCloseTo(0.5, 5);
    expect((await recognise(direction(0))).candidates[0]).not.toHaveProperty('mean');
  });
});

describe('one person in a photo', () => {
  const ada = keyOf('Ada').id;
  beforeEach(() => gallery.enrol('Ada', direction(0)));

  it('is one face, and the other says which', async () => {
    const faces = await identify([direction(0, 0.8), direction(0, 0.9)]);
    expect(faces.map(({ decision, personId, displacedBy }) => [decision, personId, displacedBy])).toEqual([
      ['none', undefined, 1],
      ['match', ada, undefined],
    ]);
    expect(faces[0]!.candidates[0]).toMatchObject({ personId: ada });
    expect((await points()).map(({ decision, personId }) => [decision, personId])).toEqual([
      ['none', undefined],
      ['match', ada],
    ]);
  });

  it('may be several faces where the collection, or the question, says so', async () => {
    const two = embeddingsOf([direction(0, 0.8), direction(0, 0.9)]);
    const collage = { ...COLLECTION_DOCUMENT, onePersonPerPhoto: false };
    const persons = (faces: readonly { readonly personId?: string | undefined }[]) =>
      faces.map(({ personId }) => personId);
    expect(persons(await gallery.identifier.identify(asset, collage, two))).toEqual([ada, ada]);
    const { identifier } = gallery;
    const asked = await identifier.recognise(asset, COLLECTION_DOCUMENT, two, { onePersonPerPhoto: false });
    expect(persons(asked)).toEqual([ada, ada]);
    const once = await identifier.recognise(asset, collage, two, { onePersonPerPhoto: true });
    expect(persons(once)).toEqual([undefined, ada]);
  });
});

describe('what is known of people', () => {
  it('leaves a face alone that was said not to be the person, however many references he has', async () => {
    for (let n = 0; n < 60; n += 1) await gallery.enrol('Ada', direction(0, 1 - n / 1000));
    await gallery.enrol('Bo', direction(0, 0.7));
    await gallery.reject('Ada', pointId(0));
    const [face, another] = await identify([direction(0), direction(0, 0.99)], { again: true });
    expect(face!.candidates.map(({ name }) => name)).toEqual(['Bo']);
    expect(face).toMatchObject({ decision: 'match', personId: keyOf('Bo').id });
    expect(another).toMatchObject({ personId: keyOf('Ada').id });
  });

  it('makes one person of those who were merged, under the name that is left', async () => {
    await gallery.enrol('Ada', direction(0));
    await gallery.enrol('A. Lovelace', direction(0, 0.9));
    await gallery.enrol('Bo', direction(4));
    await gallery.merge('Ada', 'A. Lovelace');
    const [face] = await identify([direction(0)]);
    expect(face!.candidates.map(({ name }) => name)).toEqual(['A. Lovelace', 'Bo']);
    expect(face!.candidates[0]).toMatchObject({ personId: keyOf('A. Lovelace').id });
    expect(face!.candidates[0]!.score).toBeCloseTo(1, 5);
    await gallery.reject('Ada', pointId(0));
    expect((await identify([direction(0)], { again: true }))[0]).toMatchObject({ decision: 'none' });
  });

  it('drops a reference whose person is gone', async () => {
    await gallery.enrol('Ada', direction(0));
    await gallery.enrol('Bo', direction(0, 0.7));
    await gallery.stores.people.remove(keyOf('Ada'));
    const [face] = await identify([direction(0)]);
    expect(face!.candidates.map(({ name }) => name)).toEqual(['Bo']);
    await gallery.merge('Bo', 'Ada');
    expect((await identify([direction(0)], { again: true }))[0]).toMatchObject({ decision: 'none', candidates: [] });
  });

  it('is up to 5 s old the first time, and read anew when asked again', async () => {
    await gallery.enrol('Ada', direction(0));
    const nameOf = async (again: boolean) => (await identify([direction(0)], { again }))[0]!.candidates[0]!.name;
    expect(await nameOf(false)).toBe('Ada');
    await gallery.stores.people.update(keyOf('Ada'), { name: 'Ada L.' });
    expect([await nameOf(false), await nameOf(true)]).toEqual(['Ada', 'Ada L.']);
  });
});

describe('a face of which somebody said who it is', () => {
  const at = '2026-01-02T03:04:05.678Z';
  const stated = (index: number, name: string) => new Map([[pointId(index), { personId: keyOf(name).id, at }]]);

  beforeEach(async () => {
    await gallery.enrol('Ada', direction(0));
    await gallery.enrol('Bo', direction(4));
  });

  it('stays that person and is the only one in the photo', async () => {
    const assignments = stated(1, 'Ada');
    const faces = await identify([direction(0), direction(4)], { again: true, assignments });
    expect(faces[0]).toMatchObject({ decision: 'none', displacedBy: 1 });
    expect(faces[1]).toMatchObject({
      decision: 'match',
      personId: keyOf('Ada').id,
      assignment: { personId: keyOf('Ada').id, at },
      threshold: COLLECTION_DOCUMENT.thresholds.match,
    });
    expect(faces[0]).not.toHaveProperty('assignment');
    const [, point] = await points();
    expect(point).toMatchObject({ decision: 'match', personId: keyOf('Ada').id });
    expect(point!.score).toBeCloseTo(0, 5);
  });

  it('is who that person turned out to be, and is decided anew when he is gone', async () => {
    await gallery.merge('Ada', 'Bo');
    const [merged] = await identify([direction(2)], { again: true, assignments: stated(0, 'Ada') });
    expect(merged).toMatchObject({ personId: keyOf('Bo').id, assignment: { personId: keyOf('Ada').id } });
    await gallery.stores.people.remove(keyOf('Bo'));
    const [lost] = await identify([direction(2)], { again: true, assignments: stated(0, 'Ada') });
    expect(lost).toMatchObject({ decision: 'none' });
    expect(lost).not.toHaveProperty('assignment');
  });
});

describe('faces that are gone', () => {
  it('are neither searched nor kept, and the others keep their places', async () => {
    await gallery.enrol('Ada', direction(0));
    const blank = new Float32Array(direction(0).length);
    const embeddings = { ...embeddingsOf([direction(2), blank, direction(0)]), erased: [1] };
    const faces = await gallery.identifier.identify(asset, COLLECTION_DOCUMENT, embeddings);
    expect(faces.map((face) => [face.index, face.pointId, face.decision])).toEqual([
      [0, pointId(0), 'none'],
      [2, pointId(2), 'match'],
    ]);
    expect((await points()).map(({ id }) => id)).toEqual([pointId(0), pointId(2)]);
  });

  it('leave no points behind when the asset is identified again', async () => {
    await identify([direction(0), direction(2), direction(4)]);
    const other = matchJob(1);
    await gallery.identifier.identify(other, COLLECTION_DOCUMENT, embeddingsOf([direction(0)]));
    await identify([direction(0)], { again: true });
    expect((await points()).map(({ assetId }) => assetId).sort()).toEqual([asset.assetId, other.assetId].sort());
    await identify([], { again: true });
    expect((await points()).map(({ assetId }) => assetId)).toEqual([other.assetId]);
  });

  it('are no trouble where nothing was ever indexed', async () => {
    expect(await identify([], { again: true })).toEqual([]);
  });
});

describe('a face below the bars of the collection', () => {
  const guarded = {
    ...COLLECTION_DOCUMENT,
    qualityBars: { match: { minSide: 60 }, store: { minSide: 20 } },
  };
  const sized = (sides: readonly number[]) =>
    embeddingsOf(
      sides.map(() => direction(0)),
      sides,
    );

  it('is not compared, says why, and is stored only above the bar of storing', async () => {
    await gallery.enrol('Ada', direction(0));
    const faces = await gallery.identifier.identify(asset, guarded, sized([59, 60, 19]));
    expect(faces.map(({ decision }) => decision)).toEqual(['none', 'match', 'none']);
    expect(faces.map(({ candidates }) => candidates.length)).toEqual([0, 1, 0]);
    expect(faces.map(({ withheld }) => withheld)).toEqual([
      { from: 'match', reasons: [{ reason: 'too_small', measured: 59, bar: 60 }] },
      undefined,
      { from: 'store', reasons: [{ reason: 'too_small', measured: 19, bar: 20 }] },
    ]);
    expect((await points()).map(({ faceIndex }) => faceIndex)).toEqual([0, 1]);
  });

  it('takes nobody from another face of the photo', async () => {
    await gallery.enrol('Ada', direction(0));
    const [small, large] = await gallery.identifier.identify(asset, guarded, sized([59, 60]));
    expect(small).not.toHaveProperty('displacedBy');
    expect(large).toMatchObject({ decision: 'match' });
  });

  it('loses its point when the bar of storing is raised and it is compared again', async () => {
    await gallery.identifier.identify(asset, COLLECTION_DOCUMENT, sized([19, 60]));
    expect(await points()).toHaveLength(2);
    await gallery.identifier.identify(asset, guarded, sized([19, 60]), { again: true });
    expect((await points()).map(({ faceIndex }) => faceIndex)).toEqual([1]);
  });

  it('keeps the person that somebody said it is', async () => {
    await gallery.enrol('Ada', direction(0));
    const personId = keyOf('Ada').id;
    const assignments = new Map([[pointId(0), { personId, at: '2026-01-01T00:00:00.000Z' }]]);
    const [face] = await gallery.identifier.identify(asset, guarded, sized([30]), { assignments });
    expect(face).toMatchObject({ decision: 'match', personId, withheld: { from: 'match' } });
  });

  it('is withheld from a question too', async () => {
    await gallery.enrol('Ada', direction(0));
    const [face] = await gallery.identifier.recognise(asset, guarded, sized([30]), { withMeans: true });
    expect(face).toMatchObject({ decision: 'none', candidates: [], withheld: { from: 'match' } });
  });
});
