import { BulkJobsRegistry, endEventOf } from '@facelane/bulk';
import type { FacelaneEvent } from '@facelane/contracts';
import { openOutbox } from '../../../../libs/boot/src/testing/open-outbox.js';
import { jobOf } from '../../../../libs/bulk/src/testing/bulk.samples.js';
import { C, LivingGallery, T } from '../../../../libs/gallery/src/testing/living-gallery.fixture.js';
import { direction } from '../../../../libs/stages/src/testing/stage.samples.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rebuildEvents, type Rebuilt } from './rebuild.events.js';

let gallery: LivingGallery;
let jobs: BulkJobsRegistry;
beforeEach(async () => {
  gallery = await LivingGallery.open();
  jobs = new BulkJobsRegistry(gallery.documents, gallery.store);
});
afterEach(() => gallery.close());

const { signal } = new AbortController();

/** What a log that has nothing is told. */
async function rebuilt(since = 0): Promise<Rebuilt & { readonly events: FacelaneEvent[] }> {
  const { log, events } = await openOutbox();
  const { assets, people } = gallery;
  const query = { tenant: T, collections: [C], since, most: 1_000 };
  const counts = await rebuildEvents({ assets, people, jobs }, log, query, signal);
  return { ...counts, events: await events(T) };
}
/** By id, and without sources: the match jobs of this gallery carry none. */
const byId = (events: readonly FacelaneEvent[]): string[] =>
  events.map((event) => JSON.stringify({ ...event, data: { ...event.data, source: undefined } })).sort();
const typesOf = (events: readonly FacelaneEvent[]): string[] => events.map(({ type }) => type);

/** A photo that is told of, of which somebody then says who it is. */
async function live(): Promise<void> {
  const [ada, bo] = [await gallery.person('Ada'), await gallery.person('Bo')];
  await gallery.enrol(ada, direction(0));
  await gallery.enrol(ada, direction(6));
  await gallery.drain();
  const photo = await gallery.submit('photo', { vectors: [direction(0), direction(4)] });
  const face = (await gallery.result(photo)).faces[1]!;
  await gallery.editor.assign({ id: face.pointId, tenant: T, collection: C, assetId: photo.assetId }, bo.id);
}

describe('what documents tell', () => {
  it('is told again with the bytes that it had: ends, the last change, enrolments', async () => {
    await live();
    const before = await gallery.stores.events(T);
    expect(new Set(typesOf(before))).toEqual(
      new Set(['asset.completed', 'face.matched', 'face.unmatched', 'match.updated', 'person.enrolled']),
    );
    const { events, ...counts } = await rebuilt();
    expect(byId(events)).toEqual(byId(before));
    expect(counts).toEqual({ results: 3, changes: 1, enrolments: 2, jobs: 0, added: before.length, known: 0, left: 0 });
    const times = events.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort());
    // Compared again, faces have the scores and bars of that; what has happened is the same.
    await gallery.drain();
    const again = (await rebuilt()).events;
    const factsOf = (some: readonly FacelaneEvent[]): string[] =>
      some.map(({ id, timestamp }) => id + timestamp).sort();
    expect(factsOf(again)).toEqual(factsOf(before));
  });

  it('is told of a photo that ended before and changed since, by its change alone', async () => {
    await live();
    const changed = (await gallery.stores.events(T)).filter(({ type }) => type === 'match.updated');
    const { events } = await rebuilt(Date.parse(changed[0]!.timestamp));
    expect(events.filter(({ type }) => type !== 'person.enrolled')).toEqual(changed);
  });

  it('is told of people who were merged as it was before, and of nobody who was erased', async () => {
    const [ada, countess] = [await gallery.person('Ada'), await gallery.person('Countess')];
    await gallery.enrol(ada, direction(0));
    await gallery.enrol(countess, direction(2));
    await gallery.editor.merge(ada, countess);
    await gallery.drain();
    const before = (await gallery.stores.events(T)).filter(({ type }) => type === 'person.enrolled');
    expect(byId((await rebuilt()).events.filter(({ type }) => type === 'person.enrolled'))).toEqual(byId(before));
    await gallery.eraser.erase({ tenant: T, collection: C, personId: ada.id, suppress: false });
    const { events } = await rebuilt();
    for (const { id } of [ada, countess]) expect(JSON.stringify(events)).not.toContain(id);
  });

  it('is told of bulk jobs that have ended, but of those of which nothing is told', async () => {
    const [endedAt, fence] = ['2026-06-01T00:00:00.000Z', 1];
    for (const [notify, state] of [
      ['summary', 'completed'],
      ['each', 'running'],
      ['none', 'completed'],
    ] as const) {
      const job = jobOf({ tenant: T, collection: C, options: { onlyNew: false, weight: 1, window: 200, notify } });
      await jobs.create(job);
      const begun = (await jobs.findProgress(job))!;
      const progress = { ...begun, state, fence, updatedAt: endedAt, ...(state === 'completed' && { endedAt }) };
      await jobs.writeProgress(job, progress);
      if (notify === 'summary') await gallery.stores.outbox.append(T, [endEventOf(job, progress)!]);
    }
    const { events, ...counts } = await rebuilt();
    expect(events).toEqual(await gallery.stores.events(T));
    expect(counts).toMatchObject({ jobs: 1, added: 1 });
    expect((await rebuilt(Date.parse(endedAt) + 1)).events).toEqual([]);
  });
});
