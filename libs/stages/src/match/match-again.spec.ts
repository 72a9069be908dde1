import { type DoneResult, facePointIdOf, keys, type MatchJob, personIdOf } from '@facelane/contracts';
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

const person = (name: string) => personIdOf(TENANT, COLLECTION, name);
const personKey = (name: string) => ({ tenant: TENANT, collection: COLLECTION, id: person(name) });
const at = '2026-03-04T05:06:07.890Z';

let stores: TestStores;
let handler: MatchHandler;
beforeEach(async () => {
  stores = await openStores('fs');
  const { derived, editor, collections, assets, people, index, remover, outbox } = stores;
  const { thresholds } = COLLECTION_DOCUMENT;
  await collections.create({ tenant: TENANT, id: COLLECTION, contract: CONTRACT, thresholds, quality: 'off' });
  const ensured = new EnsuredIndex(index);
  const enroller = new Enroller(ensured, people, { rebind: () => Promise.resolve() }, outbox);
  const identifier = new Identifier(ensured, people);
  handler = new MatchHandler(derived, collections, assets, identifier, enroller, remover, editor, outbox);
  await enrol('Ada', direction(0));
  await enrol('Bo', direction(4));
});
afterEach(() => stores.close());

async function fileEmbeddings(job: MatchJob, vectors: readonly Float32Array[]): Promise<void> {
  const all = new Float32Array(vectors.length * DIMENSION);
  vectors.forEach((vector, row) => all.set(vector, row * DIMENSION));
  const { assetId, collection, contract, photo } = job;
  const header = { version: 1, kind: 'embeddings', assetId, collection, contract, sha256: photo.sha256 } as const;
  const faces = vectors.map((_, i) => face(i));
  await stores.derived.writeEmbeddings(
    TENANT,
    { ...header, faces, droppedFaces: 0, dimension: DIMENSION },
    all,
    context().signal,
  );
}

async function enrol(name: string, vector: Float32Array): Promise<void> {
  const job = matchJob(1, { intent: { kind: 'enrol', personId: person(name), name } });
  await fileEmbeddings(job, [vector]);
  await handler.handle(job, context());
}

async function identified(...vectors: Float32Array[]): Promise<MatchJob> {
  const job = matchJob(vectors.length);
  await fileEmbeddings(job, vectors);
  await handler.handle(job, context());
  return { ...job, again: true };
}

const resultOf = async (job: MatchJob): Promise<DoneResult> => {
  const result = await stores.assets.findResult(job);
  if (result?.state !== 'done') throw new Error('no result');
  return result;
};

const points = (job: MatchJob) =>
  stores.index.count(CONTRACT, { tenant: TENANT, collection: COLLECTION, kind: 'face', assetId: job.assetId });

/** As the API does when somebody names a face. */
async function assign(job: MatchJob, index: number, name: string): Promise<void> {
  await stores.assets.changeResult(job, (current) => {
    if (current.state !== 'done') return current;
    const assignment = { personId: person(name), at };
    return { ...current, faces: current.faces.map((each, i) => (i === index ? { ...each, assignment } : each)) };
  });
}

describe('an asset that is compared again', () => {
  it('keeps what was said of its faces, through a merge too', async () => {
    const job = await identified(direction(0), direction(2));
    await assign(job, 1, 'Ada');
    await handler.handle(job, context());
    await handler.handle(job, context());
    const { faces } = await resultOf(job);
    expect(faces[0]).toMatchObject({ decision: 'none', displacedBy: 1 });
    expect(faces[1]).toMatchObject({
      decision: 'match',
      personId: person('Ada'),
      assignment: { personId: person('Ada'), at },
    });
    await stores.people.change(personKey('Ada'), (current) => ({ ...current, mergedInto: person('Bo') }));
    expect(await handler.handle(job, context())).toMatchObject({ matched: 1 });
    expect((await resultOf(job)).faces[1]).toMatchObject({
      personId: person('Bo'),
      assignment: { personId: person('Ada') },
    });
  });

  it('is held against the thresholds and the people of now', async () => {
    const job = await identified(direction(0, 0.5));
    expect((await resultOf(job)).faces[0]).toMatchObject({ decision: 'review' });
    await stores.collections.update(TENANT, COLLECTION, {
      thresholds: { match: { cosine: 0.45 }, review: { cosine: 0.4 } },
    });
    await stores.people.update(personKey('Ada'), { name: 'Ada L.' });
    await handler.handle(job, context());
    const [only] = (await resultOf(job)).faces;
    expect(only).toMatchObject({ decision: 'match', threshold: { cosine: 0.45 } });
    expect(only!.candidates[0]).toMatchObject({ name: 'Ada L.' });
  });

  it('loses the faces that were erased, and counts them', async () => {
    const job = await identified(direction(0), direction(2), direction(4));
    expect(await resultOf(job)).not.toHaveProperty('erasedFaces');
    expect(await points(job)).toBe(3);
    await stores.editor.blank(TENANT, CONTRACT, job.photo.sha256, new Set([0]));
    expect(await handler.handle(job, context())).toMatchObject({ faces: 2, matched: 1 });
    const result = await resultOf(job);
    expect(result.erasedFaces).toBe(1);
    expect(result.faces.map(({ index, pointId }) => [index, pointId])).toEqual(
      [1, 2].map((index) => [index, facePointIdOf(TENANT, job.assetId, CONTRACT, index)]),
    );
    expect(await points(job)).toBe(2);
  });

  it('lets go of the photo that lay at its source before, unless a reference face is from it', async () => {
    const { signal } = context();
    const stored = async ({ photo: { sha256 } }: MatchJob) =>
      (await stores.store.head(keys.embeddings(TENANT, CONTRACT, sha256))) !== undefined;
    const use = ({ collection, assetId }: MatchJob) => ({ collection, assetId });
    const replaced = async (before: MatchJob): Promise<void> => {
      await stores.uses.add(TENANT, before.photo.sha256, use(before));
      await stores.vault.keep(TENANT, before.photo.sha256, new Uint8Array(4), 'jpeg', signal);
      const after = { ...before, photo: matchJob(1).photo, again: true as const };
      await fileEmbeddings(after, [direction(2)]);
      await handler.handle(after, context());
      expect((await resultOf(before)).photo).toEqual(after.photo);
    };
    const seen = await identified(direction(2));
    await assign(seen, 0, 'Ada');
    await replaced(seen);
    expect(await stored(seen)).toBe(false);
    expect(await stores.store.head(keys.photo(TENANT, seen.photo.sha256))).toBeUndefined();
    expect((await resultOf(seen)).faces[0]).not.toHaveProperty('assignment');
    const reference = matchJob(1, { intent: { kind: 'enrol', personId: person('Cy'), name: 'Cy' } });
    await fileEmbeddings(reference, [direction(6)]);
    await handler.handle(reference, context());
    await replaced(reference);
    expect(await stored(reference)).toBe(true);
  });

  it('has no faces of its own once it is there for a reference', async () => {
    const job = await identified(direction(2));
    await handler.handle({ ...job, intent: { kind: 'enrol', personId: person('Cy'), name: 'Cy' } }, context());
    expect((await resultOf(job)).enrolment).toMatchObject({ outcome: 'accepted' });
    expect(await points(job)).toBe(0);
    expect(await stores.store.head(keys.person(TENANT, COLLECTION, person('Cy')))).toBeDefined();
  });
});
