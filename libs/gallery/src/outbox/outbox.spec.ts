import { randomUUID } from 'node:crypto';
import type { FacelaneEvent, FailedResult, PersonDocument } from '@facelane/contracts';
import { type AssetKey, AssetsRegistry, EventOutbox, OutboxMarks } from '@facelane/registry';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONTRACT, direction } from '../../../stages/src/testing/stage.samples.js';
import type { Gallery } from '../create-gallery.js';
import { C, LivingGallery, T } from '../testing/living-gallery.fixture.js';
import { FailureTeller } from './failure.teller.js';

let gallery: LivingGallery;
let ada: PersonDocument;
let photo: AssetKey;
let before: number;

beforeEach(async () => {
  gallery = await LivingGallery.open();
  ada = await gallery.person('Ada');
  photo = await gallery.submit('photo', { vectors: [direction(0), direction(4)] });
  before = (await gallery.stores.events(T)).length;
});
afterEach(() => gallery.close());

const told = async (): Promise<FacelaneEvent[]> => (await gallery.stores.events(T)).slice(before);
const LATER = new Date(Date.now() + 3_600_000);

async function face(): Promise<{ id: string; tenant: string; collection: string; assetId: string }> {
  const { pointId } = (await gallery.result(photo)).faces[0]!;
  return { id: pointId, tenant: T, collection: C, assetId: photo.assetId };
}

class Killed extends Error {}

class DyingOutbox extends EventOutbox {
  override append(): Promise<never> {
    return Promise.reject(new Killed());
  }

  override forget(...given: Parameters<EventOutbox['forget']>): Promise<number> {
    return gallery.stores.outbox.forget(...given);
  }
}

/** The room of a process that dies when it has something to tell. */
function dying(): Gallery {
  return gallery.over(gallery.store, gallery.index, gallery.belt, new DyingOutbox());
}

async function marks(): Promise<string[]> {
  return [...(await gallery.everything()).keys()].filter((key) => key.includes('/outbox/'));
}

it('what somebody says of a face is told once, with what it was before', async () => {
  await gallery.editor.assign(await face(), ada.id);
  await gallery.editor.assign(await face(), ada.id);
  await gallery.drain();
  await gallery.editor.reject(await face(), ada.id);
  await gallery.drain();
  const his = { decision: 'match', personId: ada.id };
  expect((await told()).map(({ type, data }) => [type, data])).toMatchObject([
    ['match.updated', { from: { decision: 'none' }, to: his, reason: 'assigned' }],
    ['match.updated', { from: his, to: { decision: 'none' }, reason: 'rejected' }],
  ]);
  expect(await marks()).toEqual([]);
});

it('what was said by somebody who died before he told it is told by the sweep, with the same bytes', async () => {
  await expect(dying().editor.assign(await face(), ada.id)).rejects.toBeInstanceOf(Killed);
  expect([await told(), await marks()]).toMatchObject([[], [{}]]);
  expect(await gallery.outboxSweeper.sweep(new Date())).toBe(0);
  expect(await gallery.outboxSweeper.sweep(LATER)).toBe(1);
  const events = await told();
  const { changedAt } = await gallery.result(photo);
  expect(events).toMatchObject([{ type: 'match.updated', timestamp: changedAt, data: { reason: 'assigned' } }]);
  expect(await marks()).toEqual([]);
  // The photo is compared again, and finds what was told.
  await gallery.drain();
  expect(await gallery.outboxSweeper.sweep(LATER)).toBe(0);
  expect(await told()).toEqual(events);
});

it('a mark of something that did not happen tells nothing', async () => {
  const mark = { version: 1, kind: 'decision', tenant: T, collection: C, assetId: photo.assetId } as const;
  const gone = { ...mark, assetId: ada.id };
  const kept = new OutboxMarks(gallery.documents);
  const at = '2026-01-01T00:00:00.000Z';
  for (const each of [mark, gone]) await kept.put({ ...each, id: randomUUID(), at });
  expect(await gallery.outboxSweeper.sweep(new Date())).toBe(2);
  expect([await told(), await marks()]).toEqual([[], []]);
});

it('an erasure is told of everybody who was erased, and by the sweep when who erased them died', async () => {
  const countess = await gallery.person('Countess');
  await gallery.enrol(countess, direction(2));
  await gallery.enrol(ada, direction(0));
  await gallery.editor.merge(ada, countess);
  await gallery.drain();
  const erasure = { tenant: T, collection: C, personId: ada.id, suppress: true };
  await expect(dying().eraser.erase(erasure)).rejects.toBeInstanceOf(Killed);
  expect(await gallery.outboxSweeper.sweep(LATER)).toBe(1);
  const all = await gallery.stores.events(T);
  const erased = all.filter(({ type }) => type === 'person.erased');
  expect(new Set(erased.map(({ data }) => 'personId' in data && data.personId))).toEqual(
    new Set([ada.id, countess.id]),
  );
  const rest = JSON.stringify(all.filter(({ type }) => type !== 'person.erased'));
  for (const { id } of [ada, countess]) expect(rest).not.toContain(id);
  expect(rest).toContain('asset.completed');
  expect(await marks()).toEqual([]);
  await gallery.drain();
  expect(await gallery.stores.events(T)).toEqual(all);
});

it('a failure that the log refused is told by the sweep, unless the photo came to another end since', async () => {
  const assets = new AssetsRegistry(gallery.documents);
  const marked = new OutboxMarks(gallery.documents);
  const teller = new FailureTeller(assets, marked, new DyingOutbox());
  const failed: FailedResult = {
    ...{ version: 1, state: 'failed', tenant: T, collection: C, assetId: randomUUID(), contract: CONTRACT },
    ...{ submittedAt: new Date().toISOString(), endedAt: new Date().toISOString() },
    failure: { stage: 'ingest', code: 'STORE.FULL', message: 'm', remedy: 'r', attempts: 3, details: {} },
  };
  const facts = { externalId: 'party-0117' };
  await expect(teller.file(failed, facts)).rejects.toBeInstanceOf(Killed);
  const later = { ...failed, submittedAt: new Date(0).toISOString() };
  await expect(teller.file({ ...later, assetId: photo.assetId }, facts)).rejects.toBeInstanceOf(Killed);
  await gallery.submit('photo', { vectors: [direction(0)] });
  before = (await gallery.stores.events(T)).length;
  expect(await gallery.outboxSweeper.sweep(LATER)).toBe(2);
  expect(await told()).toMatchObject([
    { type: 'asset.failed', timestamp: failed.endedAt, data: { assetId: failed.assetId, externalId: 'party-0117' } },
  ]);
  expect(await marks()).toEqual([]);
});
