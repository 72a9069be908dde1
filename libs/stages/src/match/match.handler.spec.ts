import { type DoneResult, keys, personIdOf, type MatchJob } from '@facelane/contracts';
import { EnsuredIndex, Enroller, Identifier } from '@facelane/gallery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStores, type TestStores } from '../testing/open-stores.js';
import {
  COLLECTION,
  COLLECTION_DOCUMENT,
  CONTRACT,
  context,
  DIMENSION,
  direction,
  face,
  matchJob,
  TENANT,
} from '../testing/stage.samples.js';
import { MatchHandler } from './match.handler.js';

let stores: TestStores;
let handler: MatchHandler;

beforeEach(async () => {
  stores = await openStores('fs');
  const { derived, editor, collections, assets, people, index, remover, outbox } = stores;
  const { thresholds } = COLLECTION_DOCUMENT;
  await collections.ensure({ tenant: TENANT, id: COLLECTION, contract: CONTRACT, thresholds });
  const ensured = new EnsuredIndex(index);
  const belt = { rebind: () => Promise.resolve() };
  handler = new MatchHandler(
    derived,
    collections,
    assets,
    new Identifier(ensured, people),
    new Enroller(ensured, people, belt, outbox),
    remover,
    editor,
    outbox,
  );
});
afterEach(() => stores.close());

/** Files the embeddings as embed would, and runs match. */
async function run(job: MatchJob, vectors: readonly Float32Array[], sides: readonly number[] = []): Promise<void> {
  const all = new Float32Array(vectors.length * DIMENSION);
  vectors.forEach((vector, row) => all.set(vector, row * DIMENSION));
  const { assetId, collection, contract, photo } = job;
  const faces = vectors.map((_, i) => face(i, sides[i]));
  const header = {
    version: 1,
    kind: 'embeddings',
    assetId,
    collection,
    contract,
    sha256: photo.sha256,
    faces,
  } as const;
  await stores.derived.writeEmbeddings(
    TENANT,
    { ...header, droppedFaces: 0, dimension: DIMENSION },
    all,
    context().signal,
  );
  await handler.handle(job, context());
}

async function enrol(name: string, vector: Float32Array, ...more: [Float32Array[]?, number[]?]): Promise<MatchJob> {
  const intent = { kind: 'enrol', personId: personIdOf(TENANT, COLLECTION, name), name } as const;
  const job = matchJob(1 + (more[0]?.length ?? 0), { intent });
  await run(job, [vector, ...(more[0] ?? [])], more[1]);
  return job;
}

const resultOf = async (job: MatchJob): Promise<DoneResult> => {
  const result = await stores.assets.findResult(job);
  if (result?.state !== 'done') throw new Error('no result');
  return result;
};

describe('identification', () => {
  it('decides by the bars of the collection, and reports the runner-up and the margin', async () => {
    await enrol('Ada', direction(0));
    await enrol('Bo', direction(4));
    const job = matchJob(3);
    await run(job, [direction(0, 0.9), direction(4, 0.5), direction(2)]);
    const { faces } = await resultOf(job);
    const [ada, bo] = ['Ada', 'Bo'].map((name) => personIdOf(TENANT, COLLECTION, name));
    expect(faces.map(({ decision, personId }) => [decision, personId])).toEqual([
      ['match', ada],
      ['review', bo],
      ['none', undefined],
    ]);
    expect(faces[0]!.candidates.map(({ name }) => name)).toEqual(['Ada', 'Bo']);
    expect(faces[0]!.margin).toBeCloseTo(0.9, 5);
    expect(faces.map(({ threshold }) => threshold.cosine)).toEqual([0.6, 0.4, 0.4]);
    const found = await stores.index.count(CONTRACT, { tenant: TENANT, collection: COLLECTION, kind: 'face' });
    expect(found).toBe(3);
  });

  it('finds nobody in a collection without people, and has no margin with one person', async () => {
    const alone = matchJob(1);
    await run(alone, [direction(0)]);
    expect((await resultOf(alone)).faces[0]).toMatchObject({ decision: 'none', candidates: [] });
    await enrol('Ada', direction(0));
    const job = matchJob(1);
    await run(job, [direction(0)]);
    expect((await resultOf(job)).faces[0]).not.toHaveProperty('margin');
  });

  it('writes the same bytes when it runs again', async () => {
    await enrol('Ada', direction(0));
    const job = matchJob(1);
    const bytes = async (): Promise<Uint8Array> =>
      (await stores.store.get(keys.result(TENANT, COLLECTION, job.assetId))).body;
    await run(job, [direction(0, 0.8)]);
    const first = await bytes();
    await handler.handle(job, context());
    expect(await bytes()).toEqual(first);
    expect(await stores.index.count(CONTRACT, { tenant: TENANT, collection: COLLECTION, kind: 'face' })).toBe(1);
  });

  it('names the first asset with the same bytes, in the same collection only', async () => {
    const first = matchJob(1);
    await run(first, [direction(0)]);
    const second = matchJob(1, { photo: first.photo });
    await handler.handle(second, context());
    expect(await resultOf(second)).toMatchObject({ duplicateOf: first.assetId });
    expect(await resultOf(first)).not.toHaveProperty('duplicateOf');
    const { thresholds } = COLLECTION_DOCUMENT;
    await stores.collections.ensure({ tenant: TENANT, id: 'other', contract: CONTRACT, thresholds });
    const third = matchJob(1, { photo: first.photo, collection: 'other' });
    await handler.handle(third, context());
    expect(await resultOf(third)).not.toHaveProperty('duplicateOf');
    const fourth = matchJob(1, { photo: first.photo, collection: 'other' });
    for (const job of [fourth, third, second, first]) await handler.handle(job, context());
    expect(await resultOf(fourth)).toMatchObject({ duplicateOf: third.assetId });
    expect(await resultOf(third)).not.toHaveProperty('duplicateOf');
    expect(await resultOf(second)).toMatchObject({ duplicateOf: first.assetId });
  });

  it('sets up an index that was wiped since the first vectors', async () => {
    await run(matchJob(1), [direction(0)]);
    const asked: string[] = [];
    const ensured = new EnsuredIndex(stores.index);
    const found = await ensured.with(CONTRACT, [direction(0)], (index) => {
      // A contract that nobody ensured gets the answer that a wiped index gives.
      const contract = asked.length === 0 ? 'never-ensured' : CONTRACT;
      asked.push(contract);
      return index.search(contract, [direction(0)], { tenant: TENANT, collection: COLLECTION }, 1);
    });
    expect(asked).toEqual(['never-ensured', CONTRACT]);
    expect(found[0]).toHaveLength(1);
  });
});

describe('enrolment', () => {
  it('takes the one face, and the same photo again changes nothing', async () => {
    const job = await enrol('Ada', direction(0));
    await handler.handle(job, context());
    const id = personIdOf(TENANT, COLLECTION, 'Ada');
    const person = await stores.people.find({ tenant: TENANT, collection: COLLECTION, id });
    expect(person?.references).toHaveLength(1);
    expect((await resultOf(job)).enrolment).toMatchObject({
      outcome: 'accepted',
      referenceId: person!.references[0]!.pointId,
    });
    expect(await stores.index.count(CONTRACT, { tenant: TENANT, collection: COLLECTION, kind: 'person' })).toBe(1);
  });

  it('takes the vector of the face that stands out', async () => {
    const job = await enrol('Ada', direction(4), [direction(0)], [40, 200]);
    expect((await resultOf(job)).enrolment).toMatchObject({ outcome: 'accepted', faceIndex: 1 });
    const probe = matchJob(1);
    await run(probe, [direction(0)]);
    expect((await resultOf(probe)).faces[0]).toMatchObject({ decision: 'match' });
  });

  it('refuses with what was measured and the bar', async () => {
    const several = await enrol('Ada', direction(0), [direction(2)], [80, 79]);
    expect((await resultOf(several)).enrolment).toMatchObject({
      outcome: 'refused',
      reason: 'several_faces',
      measured: (79 * 79) / (80 * 80),
      bar: 0.5,
    });
    const small = await enrol('Bo', direction(0), [], [20]);
    expect((await resultOf(small)).enrolment).toMatchObject({ reason: 'too_small', measured: 20, bar: 40 });
    const nobody = matchJob(0, { intent: { kind: 'enrol', personId: personIdOf('a', 'b', 'c'), name: 'C' } });
    await handler.handle(nobody, context());
    expect((await resultOf(nobody)).enrolment).toMatchObject({ reason: 'no_face', measured: 0, bar: 1 });
    const people = [];
    for await (const person of stores.people.list(TENANT, COLLECTION)) people.push(person);
    expect(people).toEqual([]);
  });
});

describe('what match refuses', () => {
  it('a collection of another contract, or none', async () => {
    await expect(handler.handle(matchJob(0, { contract: 'other-1' }), context())).rejects.toMatchObject({
      code: 'MATCH.CONTRACT_MISMATCH',
    });
    await expect(handler.handle(matchJob(0, { collection: 'none' }), context())).rejects.toMatchObject({
      code: 'MATCH.COLLECTION_MISSING',
    });
  });

  it('embeddings that are missing or damaged', async () => {
    const job = matchJob(1);
    await expect(handler.handle(job, context())).rejects.toMatchObject({ code: 'MATCH.EMBEDDINGS_UNREADABLE' });
    const key = keys.embeddings(TENANT, CONTRACT, job.photo.sha256);
    await stores.store.put(key, new Uint8Array(40), { contentType: 'x/y' });
    await expect(handler.handle(job, context())).rejects.toMatchObject({ code: 'MATCH.EMBEDDINGS_UNREADABLE' });
    expect(await stores.assets.findResult(job)).toBeUndefined();
  });
});
