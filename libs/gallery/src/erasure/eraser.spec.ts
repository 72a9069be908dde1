import {
  decodeCrops,
  decodeEmbeddings,
  CROP_BYTES,
  keys,
  type PersonDocument,
  type ReceiptDocument,
} from '@facelane/contracts';
import { type AssetKey, digestOf, ReceiptsRegistry, subjectOf } from '@facelane/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../../stages/src/testing/stage.samples.js';
import { crashingAfter, intercepted, survives } from '../testing/crashing.js';
import { C, LivingGallery, T } from '../testing/living-gallery.fixture.js';

let gallery: LivingGallery;
afterEach(() => gallery.close());

interface World {
  readonly ada: PersonDocument;
  readonly countess: PersonDocument;
  readonly bo: PersonDocument;
  /** Ada, Bo, and somebody a little like Ada. */
  readonly party: AssetKey & { readonly sha256: string };
  /** Bo, and nobody. */
  readonly others: AssetKey & { readonly sha256: string };
}

/** Ada is known by two photos, once more as the Countess, and is in photos of others. */
async function build(): Promise<World> {
  const [ada, countess, bo] = [
    await gallery.person('Ada'),
    await gallery.person('Countess'),
    await gallery.person('Bo'),
  ];
  await gallery.enrol(ada, direction(0));
  await gallery.enrol(countess, direction(2));
  await gallery.enrol(bo, direction(4));
  await gallery.enrol(ada, direction(6), 'portrait');
  await gallery.submit('refused', { intent: { kind: 'enrol', personId: ada.id, name: 'Ada', existing: true } });
  const party = await gallery.submit('party', { vectors: [direction(0, 0.9), direction(4, 0.9), direction(0, 0.3)] });
  const others = await gallery.submit('others', { vectors: [direction(4, 0.8), direction(4, 0.2)] });
  await gallery.editor.merge(ada, countess);
  await gallery.drain();
  return { ada, countess, bo, party, others };
}

const erase = ({ ada }: World, suppress = false): Promise<ReceiptDocument> =>
  gallery.eraser.erase({ tenant: T, collection: C, personId: ada.id, suppress });

/** Where anything that names the person is left: keys and bodies of the store, points, jobs, events but of his erasure. */
async function tracesOf({ ada, countess }: World): Promise<string[]> {
  const names = [ada.id, countess.id, 'Ada', 'Countess', 'x-Ada', 'x-Countess'];
  const { matches, others, rebinds } = gallery.belt;
  const places = [
    ...[...(await gallery.everything())].map(([key, text]) => [key, key + text] as const),
    ...(await gallery.points()).map((point) => [`point ${String(point['id'])}`, JSON.stringify(point)] as const),
    ...[...matches, ...others, ...rebinds.entries()].map(([id, job]) => [`job ${id}`, JSON.stringify(job)] as const),
    ...(await gallery.stores.events(T))
      .filter(({ type }) => type !== 'person.erased')
      .map((event) => [`event ${event.type}`, JSON.stringify(event)] as const),
  ];
  return places.filter(([, text]) => names.some((name) => text.includes(name))).map(([place]) => place);
}
const rowsOf = (values: ArrayLike<number>, width: number): Set<number>[] =>
  Array.from(
    { length: values.length / width },
    (_, row) => new Set(Array.from(values).slice(row * width, (row + 1) * width)),
  );

describe.each(['fs', 's3'] as const)('an erasure on %s', (driver) => {
  beforeEach(async () => {
    gallery = await LivingGallery.open(driver);
  });

  it('leaves no trace of the person and everything of the others', async () => {
    const world = await build();
    const { ada, bo, party, others } = world;
    const mid = await gallery.submit('open', {
      until: 'accepted',
      intent: { kind: 'enrol', personId: ada.id, name: 'Ada' },
    });
    gallery.belt.others.set(mid.assetId, { intent: { kind: 'enrol', personId: ada.id } });
    gallery.belt.rebinds.push({ tenant: T, collection: C, contract: CONTRACT, personId: ada.id, change: 'x' });
    const before = {
      bo: await gallery.people.find(bo),
      result: await gallery.result(others),
      face: (await gallery.result(party)).faces[1]!,
    };
    expect(await tracesOf(world)).not.toEqual([]);
    const receipt = await erase(world);
    expect(await tracesOf(world)).toEqual([]);
    expect(await gallery.people.find(bo)).toEqual(before.bo);
    const { photo, faces, erasedFaces } = await gallery.result(party);
    expect(photo.sha256).toBe(party.sha256);
    expect(erasedFaces).toBe(1);
    expect(faces.map(({ index }) => index)).toEqual([1, 2]);
    expect(faces[0]).toMatchObject({ personId: bo.id, decision: 'match', box: before.face.box });
    expect((await gallery.result(others)).faces.map(({ personId }) => personId)).toEqual([bo.id, undefined]);
    expect(await gallery.store.head(keys.photo(T, party.sha256))).toBeUndefined();
    const source = (await gallery.assets.findAsset(party))!.source;
    expect(source.kind === 'object' && (await gallery.store.head(source.key))).toBeTruthy();
    expect(receipt.counts).toEqual({
      ...{ people: 2, references: 4, assets: 5, results: 2, blankedFaces: 1 },
      // Uploads of five photos, crops and embeddings of four of them.
      ...{ objects: 13, points: 4, jobs: 2, events: 8 },
    });
    await gallery.drain();
    expect(await tracesOf(world)).toEqual([]);
    expect((await gallery.result(party)).faces.map(({ personId }) => personId)).toEqual([bo.id, undefined]);
  });

  it('takes back what is on its way to receivers, but that he was erased', async () => {
    const world = await build();
    const { ada, bo } = world;
    const told = (type: string, id: string): object => ({ type, body: JSON.stringify({ data: { personId: id } }) });
    gallery.belt.others.set('his', told('face.matched', ada.id));
    gallery.belt.others.set('of another', told('face.matched', bo.id));
    gallery.belt.others.set('of an erasure', told('person.erased', ada.id));
    await erase(world);
    expect([...gallery.belt.others.keys()]).toEqual(['of another', 'of an erasure']);
  });

  it('blanks his faces in what models made of photos of others, and no others', async () => {
    const world = await build();
    await erase(world);
    const { sha256 } = world.party;
    const { header, crops } = decodeCrops((await gallery.store.get(keys.crops(T, CONTRACT, sha256))).body);
    expect(rowsOf(crops, CROP_BYTES)).toEqual([new Set([0]), new Set([2]), new Set([3])]);
    expect(header.erased).toEqual([0]);
    expect(header.faces[0]).toMatchObject({ box: { width: 0 }, quality: { sharpness: 0 } });
    const { vectors } = decodeEmbeddings((await gallery.store.get(keys.embeddings(T, CONTRACT, sha256))).body);
    expect(vectors.map((vector) => vector.some((value) => value !== 0))).toEqual([false, true, true]);
    const untouched = decodeCrops((await gallery.store.get(keys.crops(T, CONTRACT, world.others.sha256))).body);
    expect(untouched.header).not.toHaveProperty('erased');
  });
});

describe('an erasure', () => {
  beforeEach(async () => {
    gallery = await LivingGallery.open();
  });

  it('leaves a receipt that says nothing of the person, and is shown to be about him by his id', async () => {
    const world = await build();
    const receipt = await erase(world);
    expect(await new ReceiptsRegistry(gallery.documents).find(T, receipt.id)).toEqual(receipt);
    expect(receipt).toMatchObject({ suppressed: false, queuesPurged: true, digest: digestOf(receipt) });
    expect(receipt.subject).toBe(subjectOf(receipt, world.ada.id));
    expect(gallery.belt.purges).toBe(1);
    const again = await erase(world);
    expect(Object.values(again.counts).every((count) => count === 0)).toBe(true);
  });

  it('keeps him and his photos from coming back when it is asked to, and only then', async () => {
    const world = await build();
    const { ada, countess, bo, others } = world;
    const references = [ada, countess].map(async (person) => (await gallery.people.find(person))!.references);
    const photos = (await Promise.all(references)).flat().map(({ sha256 }) => sha256);
    const given = [
      ...[ada.id, countess.id].map((personId) => ({ personId })),
      ...['x-Ada', 'x-Countess'].map((externalId) => ({ externalId })),
      ...photos.map((sha256) => ({ sha256 })),
    ];
    const has = (all: readonly object[]): Promise<boolean[]> =>
      Promise.all(all.map((each) => gallery.suppressions.has(T, C, each)));
    await erase(world, true);
    expect(await has(given)).toEqual(given.map(() => true));
    expect(await has([{ personId: bo.id }, { externalId: 'x-Bo' }, { sha256: others.sha256 }])).not.toContain(true);
    expect(await tracesOf(world)).toEqual([]);
    await build();
    await gallery.suppressions.remove(T, C);
    await erase(world, false);
    expect(await has(given)).toEqual(given.map(() => false));
  });

  it('sees what is written by a run that was under way', async () => {
    const world = await build();
    const { ada, party } = world;
    const before = await gallery.result(party);
    const points = await gallery.points();
    // It found him before his reference faces were gone, and writes what it found after that.
    gallery.belt.underWay.push(async () => {
      await gallery.assets.writeResult(before);
      await gallery.index.upsert(
        CONTRACT,
        points
          .filter((point) => point['kind'] === 'face' && point['assetId'] === party.assetId)
          .map((point) => ({ ...point, vector: Float32Array.from(point['vector'] as number[]) })) as never,
      );
    });
    expect(before.faces[0]!.personId).toBe(ada.id);
    await erase(world);
    expect(await tracesOf(world)).toEqual([]);
    expect((await gallery.result(party)).erasedFaces).toBe(1);
  });

  it('takes his face from a run that read it before it was blank, and calls it nobody', async () => {
    const world = await build();
    const { party } = world;
    const before = await gallery.result(party);
    let looks = 0;
    const { belt } = gallery;
    const settled = belt.settled.bind(belt);
    belt.settled = async () => {
      looks += 1;
      if (looks === 2) {
        const [his, ...others] = before.faces;
        const { personId: _id, ...nobody } = { ...his!, decision: 'none' as const, candidates: [] };
        expect(_id).toBe(world.ada.id);
        await gallery.assets.writeResult({ ...before, faces: [nobody, ...others] });
      }
      await settled();
    };
    await erase(world);
    expect(looks).toBeGreaterThan(1);
    expect((await gallery.result(party)).faces.map(({ index }) => index)).toEqual([1, 2]);
  });

  it('removes what comes back meanwhile, and says so when it comes back again and again', async () => {
    const world = await build();
    const { ada, countess } = world;
    let times = 1;
    // He is enrolled once more just after his document is removed.
    const store = intercepted(gallery.store, async (name, [key]) => {
      if (name !== 'delete' || key !== keys.person(T, C, countess.id) || times <= 0) return;
      times -= 1;
      await gallery.person('Ada');
      await gallery.enrol(ada, direction(0), `again ${times}`);
    });
    const { eraser } = gallery.over(store, gallery.index, gallery.belt);
    const erasure = { tenant: T, collection: C, personId: ada.id, suppress: false };
    await eraser.erase(erasure);
    expect(await tracesOf(world)).toEqual([]);

    const { belt } = gallery;
    belt.settled = async () => {
      await gallery.person('Ada');
    };
    await build();
    await expect(gallery.eraser.erase(erasure)).rejects.toMatchObject({ code: 'GALLERY.ERASURE_UNFINISHED' });
  });

  it('leaves a face of which somebody said that it is another one', async () => {
    const world = await build();
    const { bo, party } = world;
    const { pointId } = (await gallery.result(party)).faces[0]!;
    const [point] = await gallery.index.find(CONTRACT, [pointId]);
    await gallery.editor.assign(point!, bo.id);
    await gallery.drain();
    // As if the run that says so in the index had not got that far.
    const [vectored] = (await gallery.points()).filter(({ id }) => id === pointId);
    const vector = Float32Array.from(vectored!['vector'] as number[]);
    await gallery.index.upsert(CONTRACT, [{ ...point!, vector, personId: world.ada.id }]);
    await erase(world);
    expect(await tracesOf(world)).toEqual([]);
    expect((await gallery.result(party)).faces[0]).toMatchObject({ personId: bo.id, assignment: { personId: bo.id } });
    expect((await gallery.index.find(CONTRACT, [pointId]))[0]).toMatchObject({ personId: bo.id });
  });

  it('takes faces out of assets whose work has not ended, and out of both of two with the same bytes', async () => {
    const world = await build();
    const { ada } = world;
    const open = await gallery.submit('unfinished', { vectors: [direction(0, 0.9)] });
    await gallery.assets.removeResult(open);
    const source = { kind: 'url', url: 'https://photos.example/party.jpg' } as const;
    const copy = await gallery.submit('party', {
      vectors: [direction(0, 0.9), direction(4, 0.9), direction(0, 0.3)],
      source,
    });
    expect((await gallery.result(copy)).faces[0]).toMatchObject({ personId: ada.id });
    await erase(world);
    expect(await tracesOf(world)).toEqual([]);
    expect((await gallery.result(copy)).faces).toHaveLength(2);
    const { header } = decodeCrops((await gallery.store.get(keys.crops(T, CONTRACT, open.sha256))).body);
    expect(header.erased).toEqual([0]);
    const filter = { tenant: T, collection: C, assetId: open.assetId };
    expect(await gallery.index.count(CONTRACT, filter)).toBe(0);
  });

  it('finds those merged into him by what either document says, and no mention of him is left in others', async () => {
    const world = await build();
    const { ada, bo } = world;
    const cy = await gallery.person('Cy');
    // A merge and an undoing that were cut short.
    await gallery.people.change(cy, (person) => ({ ...person, mergedInto: ada.id }));
    await gallery.people.change(bo, (person) => ({ ...person, absorbed: [ada.id] }));
    await erase(world);
    expect(await gallery.people.find(cy)).toBeUndefined();
    expect(await tracesOf(world)).toEqual([]);
  });

  it('is refused for somebody who is another one, and where there is no collection', async () => {
    const world = await build();
    const { ada, countess } = world;
    const of = { tenant: T, collection: C, suppress: false };
    const merged = gallery.eraser.erase({ ...of, personId: countess.id });
    await expect(merged).rejects.toMatchObject({ code: 'GALLERY.PERSON_MERGED' });
    const elsewhere = gallery.eraser.erase({ ...of, collection: 'none', personId: ada.id });
    await expect(elsewhere).rejects.toMatchObject({ code: 'MATCH.COLLECTION_MISSING' });
    expect(await gallery.people.find(ada)).toBeDefined();
  });

  it('can die at any point and is finished by asking again', async () => {
    const bystander = await gallery.submit('bystander', { vectors: [direction(4)] });
    const wanted = async (): Promise<unknown> => {
      await gallery.drain();
      const store = await gallery.everything();
      for (const key of store.keys()) if (key.includes('/receipts/')) store.delete(key);
      return { store, points: await gallery.points() };
    };
    let whole: unknown;
    for (let changes = 0, done = false; !done; changes = Math.ceil(changes * 1.2) + 1) {
      const world = await build();
      whole ??= await erase(world).then(wanted);
      // Again from the start: what an erasure blanked is made anew with its photo.
      for (const asset of [world.party, world.others]) await gallery.remover.remove(asset);
      await build();
      done = await survives(
        crashingAfter(gallery, changes).eraser.erase({
          tenant: T,
          collection: C,
          personId: world.ada.id,
          suppress: false,
        }),
      );
      await erase(world);
      expect(await tracesOf(world), `after ${changes} changes`).toEqual([]);
      expect(await wanted(), `after ${changes} changes`).toEqual(whole);
    }
    expect(await gallery.result(bystander)).toBeDefined();
  });
});
