import { type DoneResult, eventsOfResult, type FacelaneEvent, type MatchJob, personIdOf } from '@facelane/contracts';
import { EnsuredIndex, Enroller, Identifier } from '@facelane/gallery';
import { countRequests } from '@facelane/object-store';
import { AssetsRegistry, DocumentStore, type EventOutbox } from '@facelane/registry';
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

const FACTS = { externalId: 'party-0117', tags: ['party'], source: 's3://media/party/0117.jpg' };
const person = (name: string): string => personIdOf(TENANT, COLLECTION, name);
const typesOf = (events: readonly FacelaneEvent[]): string[] => events.map(({ type }) => type);

class Killed extends Error {}
/** Dies before anything is in the log. */
const DEAD: Pick<EventOutbox, 'append'> = { append: () => Promise.reject(new Killed()) };

describe.each(['fs', 's3'] as const)('what the match stage tells, on %s', (driver) => {
  let stores: TestStores;
  const events = (): Promise<FacelaneEvent[]> => stores.events(TENANT);

  beforeEach(async () => {
    stores = await openStores(driver);
    const { thresholds } = COLLECTION_DOCUMENT;
    await stores.collections.create({ tenant: TENANT, id: COLLECTION, contract: CONTRACT, thresholds, quality: 'off' });
  });
  afterEach(() => stores.close());

  function handler(outbox: Pick<EventOutbox, 'append'> = stores.outbox, store = stores.store): MatchHandler {
    const { derived, editor, collections, people, index, remover, exclusion } = stores;
    const ensured = new EnsuredIndex(index);
    const enroller = new Enroller(ensured, people, { rebind: () => Promise.resolve() }, outbox);
    const assets = new AssetsRegistry(new DocumentStore(store, exclusion));
    const identifier = new Identifier(ensured, people);
    return new MatchHandler(derived, collections, assets, identifier, enroller, remover, editor, outbox);
  }

  /** Files the embeddings as embed would. */
  async function submitted(vectors: readonly Float32Array[], more: Partial<MatchJob> = {}): Promise<MatchJob> {
    const job = matchJob(vectors.length, { facts: FACTS, ...more });
    const all = new Float32Array(vectors.length * DIMENSION);
    vectors.forEach((vector, row) => all.set(vector, row * DIMENSION));
    const { assetId, collection, contract, photo } = job;
    const header = { version: 1, kind: 'embeddings', assetId, collection, contract, sha256: photo.sha256 } as const;
    const faces = vectors.map((_, i) => face(i));
    const whole = { ...header, faces, droppedFaces: 0, dimension: DIMENSION };
    await stores.derived.writeEmbeddings(TENANT, whole, all, context().signal);
    return job;
  }

  async function enrol(name: string, vector: Float32Array): Promise<void> {
    const intent = { kind: 'enrol', personId: person(name), name } as const;
    const job = await submitted([vector], { intent, submittedAt: new Date().toISOString() });
    await handler().handle(job, context());
  }

  const resultOf = async (job: MatchJob): Promise<DoneResult> => {
    const result = await stores.assets.findResult(job);
    if (result?.state !== 'done') throw new Error('no result');
    return result;
  };

  const dyingAfter = (appends: number): Pick<EventOutbox, 'append'> => ({
    append: (tenant, told) => (appends-- > 0 ? stores.outbox.append(tenant, told) : DEAD.append(tenant, told)),
  });
  const dies = (job: MatchJob): Promise<unknown> =>
    expect(handler(DEAD).handle(job, context())).rejects.toBeInstanceOf(Killed);

  it('is the end of the photo and of each face, as the stored result has it, with what was said of the asset', async () => {
    await enrol('Ada', direction(0));
    const before = (await events()).length;
    const job = await submitted([direction(0, 0.9), direction(4)]);
    await handler().handle(job, context());
    const told = (await events()).slice(before);
    expect(typesOf(told)).toEqual(['asset.completed', 'face.matched', 'face.unmatched']);
    expect(told[0]?.data).toMatchObject({ ...FACTS, faces: 2, matched: 1, unmatched: 1 });
    expect(told).toEqual(eventsOfResult(await resultOf(job), FACTS));
    await handler().handle(job, context());
    await handler().handle({ ...job, again: true }, context());
    expect((await events()).slice(before)).toEqual(told);
  });

  it('is told by the retry of a run that died behind its result, with the bytes that it would have had', async () => {
    const job = await submitted([direction(0, 0.9)]);
    await dies(job);
    const stored = await resultOf(job);
    expect(await events()).toEqual([]);
    // Somebody is enrolled before the retry: then the face is his, and was nobody's.
    await enrol('Ada', direction(0));
    const before = (await events()).length;
    // Behind the second result now: the first one was told before it went.
    await expect(handler(dyingAfter(1)).handle(job, context())).rejects.toBeInstanceOf(Killed);
    expect(await resultOf(job)).toMatchObject({ faces: [{ decision: 'match' }] });
    await handler().handle(job, context());
    const told = (await events()).slice(before);
    expect(typesOf(told)).toEqual(['asset.completed', 'face.unmatched', 'match.updated']);
    expect(JSON.stringify(told.slice(0, 2))).toBe(JSON.stringify(eventsOfResult(stored, FACTS)));
    const { changedAt } = await resultOf(job);
    expect(told[2]).toMatchObject({
      timestamp: changedAt,
      data: { from: { decision: 'none' }, to: { decision: 'match', personId: person('Ada') }, reason: 'late-binding' },
    });
    await handler().handle(job, context());
    expect((await events()).slice(before)).toEqual(told);
  });

  it('is each change of a photo that is compared again, once, also behind a death', async () => {
    const job = await submitted([direction(0, 0.9)]);
    await handler().handle(job, context());
    await enrol('Ada', direction(0));
    const before = (await events()).length;
    // As the gallery puts it back.
    const again: MatchJob = { ...job, again: true, quiet: true, facts: { externalId: FACTS.externalId } };
    await dies(again);
    await handler().handle(again, context());
    await handler().handle(again, context());
    const told = (await events()).slice(before);
    expect(typesOf(told)).toEqual(['match.updated']);
    expect(told[0]?.data).toMatchObject({ externalId: FACTS.externalId, from: { decision: 'none' } });
  });

  it('is nothing of an item of a bulk job that is told of as a whole, and its later changes all the same', async () => {
    const job = await submitted([direction(0, 0.9)], { quiet: true, facts: undefined });
    await handler().handle(job, context());
    expect(await events()).toEqual([]);
    await enrol('Ada', direction(0));
    const before = (await events()).length;
    await handler().handle({ ...job, again: true }, context());
    expect(typesOf((await events()).slice(before))).toEqual(['match.updated']);
  });

  it('is a reference that was taken, once, and none that was refused or was there before', async () => {
    const intent = { kind: 'enrol', personId: person('Ada'), name: 'Ada' } as const;
    const job = await submitted([direction(0)], { intent, submittedAt: new Date().toISOString() });
    await dies(job);
    await handler().handle(job, context());
    await handler().handle(job, context());
    const told = await events();
    expect(typesOf(told)).toEqual(['person.enrolled', 'asset.completed']);
    const [reference] = (await stores.people.find({ tenant: TENANT, collection: COLLECTION, id: person('Ada') }))!
      .references;
    expect(told[0]).toMatchObject({ timestamp: reference?.addedAt, data: { assetId: job.assetId, references: 1 } });
    await handler().handle({ ...job, again: true, submittedAt: '2100-01-01T00:00:00.000Z' }, context());
    const refused = await submitted([], { intent });
    await handler().handle(refused, context());
    expect(typesOf(await events()).filter((type) => type === 'person.enrolled')).toHaveLength(1);
  });

  it('costs no request of the store more than the result itself, where it honours conditions', async () => {
    const job = await submitted([direction(0)]);
    const { store, counts } = countRequests(stores.store);
    await handler(stores.outbox, store).handle(job, context());
    const { conditionalPut } = await stores.store.capabilities();
    expect(counts()).toEqual(conditionalPut ? { put: 1 } : { head: 1, put: 1 });
  });
});
