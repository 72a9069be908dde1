import { requireModels } from '@facelane/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { EnrolAnswer, PageAnswer, PersonAnswer } from '../../support/api.types.js';
import { nobody } from '../../support/bad.photos.js';
import { scaled } from '../../support/photos.js';
import { type Guests, inviteGuests } from '../../support/guests.js';

let api: RunningApi;
let caller: ApiCaller;
let guests: Guests;

beforeAll(async () => {
  const models = await requireModels();
  api = await startStandaloneApi();
  caller = api.as(api.key);
  guests = await inviteGuests(caller, models);
}, 120_000);
afterAll(() => api.stop());

const newCollection = (id: string, more: object = {}): Promise<unknown> =>
  caller.json('POST', '/v1/collections', { id, ...more });

const newPerson = (collection: string, name: string, more: object = {}): Promise<PersonAnswer> =>
  caller.json('POST', `/v1/collections/${collection}/people`, { name, ...more });

const enrol = (collection: string, person: string, photos: Uint8Array[], more: object = {}): Promise<EnrolAnswer> =>
  caller.form(`/v1/collections/${collection}/people/${person}/faces`, { photos, ...more });

describe('people', () => {
  it('are created once per externalId, found by name, changed and listed', async () => {
    await newCollection('folk');
    const ada = await newPerson('folk', 'Ada Lovelace', { externalId: 'ada', metadata: { team: 'engines' } });
    expect(ada).toMatchObject({ name: 'Ada Lovelace', references: 0, metadata: { team: 'engines' } });
    const again = await caller.ask('POST', '/v1/collections/folk/people', { name: 'Ada', externalId: 'ada' });
    expect(again).toMatchObject({ status: 409, body: { code: 'API.PERSON_EXISTS' } });
    for (const name of ['Grace Hopper', 'Édith Clarke', 'Ada Yonath']) await newPerson('folk', name);

    const find = (query: string): Promise<PageAnswer<PersonAnswer>> =>
      caller.json('GET', `/v1/collections/folk/people?${query}`);
    expect((await find('name=ADA')).items.map(({ name }) => name).sort()).toEqual(['Ada Lovelace', 'Ada Yonath']);
    expect((await find('externalId=ada')).items.map(({ id }) => id)).toEqual([ada.id]);
    const names: string[] = [];
    let page: PageAnswer<PersonAnswer> = await find('limit=3');
    names.push(...page.items.map(({ name }) => name));
    page = await find(`limit=3&cursor=${page.next ?? ''}`);
    names.push(...page.items.map(({ name }) => name));
    expect(names.sort()).toEqual(['Ada Lovelace', 'Ada Yonath', 'Grace Hopper', 'Édith Clarke']);
    expect(page.next).toBeUndefined();

    const renamed = await caller.json('PATCH', `/v1/collections/folk/people/${ada.id}`, { name: 'Countess' });
    expect(renamed).toMatchObject({ id: ada.id, name: 'Countess', metadata: { team: 'engines' } });
  });
});

describe('what cannot be meant', () => {
  it('is refused: a guard without an erasure, two ways to find somebody at once', async () => {
    await newCollection('meant');
    const { id } = await newPerson('meant', 'Ada', { externalId: 'ada' });
    const path = '/v1/collections/meant/people';
    const guarded = await caller.ask('DELETE', `${path}/${id}?suppress=true`);
    expect(guarded).toMatchObject({ status: 400, body: { errors: [{ path: 'query.suppress' }] } });
    expect(await caller.json<PersonAnswer>('GET', `${path}/${id}`)).toMatchObject({ id });
    const both = await caller.ask('GET', `${path}?name=Grace&externalId=ada`);
    expect(both).toMatchObject({ status: 400, body: { errors: [{ path: 'query.externalId' }] } });
  });
});

describe('enrolling', () => {
  it('answers for each photo, with the value and the bar of what was refused', async () => {
    await newCollection('gate');
    const { id } = await newPerson('gate', 'Guest 1');
    const [portrait] = guests.portraits;
    // Sharpened, because a dark photo has little contrast and is called blurred first.
    const dim = await sharp(portrait).linear(0.25, 0).png().toBuffer();
    const dark = new Uint8Array(
      await sharp(dim).sharpen({ sigma: 2, m1: 20, m2: 40, y2: 60, y3: 60 }).png().toBuffer(),
    );
    const blurred = new Uint8Array(await sharp(portrait).blur(8).jpeg().toBuffer());
    const photos = [portrait, await nobody(), guests.photos[1]!, await scaled(portrait, 60), blurred, dark];
    const answer = await enrol('gate', id, [...photos, new Uint8Array(0), Buffer.from('text')]);
    expect(answer.photos.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      ...['accepted', 'no_face', 'several_faces', 'too_small', 'too_blurred', 'too_dark', 'failed', 'failed'],
    ]);
    for (const photo of answer.photos.filter(({ outcome }) => outcome === 'refused')) {
      expect(photo).toMatchObject({ measured: expect.any(Number) as number, bar: expect.any(Number) as number });
    }
    expect(answer).toMatchObject({ accepted: 1, refused: 5, person: { references: 1 } });
    expect(answer.photos.slice(-2).map(({ code }) => code)).toEqual(['INGEST.EMPTY', 'INGEST.NOT_AN_IMAGE']);
    // The same photo again is the same reference.
    expect(await enrol('gate', id, [portrait])).toMatchObject({ accepted: 1, person: { references: 1 } });
  });

  it('keeps one person out of another', async () => {
    await newCollection('mix');
    const first = await newPerson('mix', 'First');
    const second = await newPerson('mix', 'Second');
    await enrol('mix', first.id, [guests.portraits[0]]);
    const like = await enrol('mix', second.id, [await scaled(guests.portraits[0], 300)]);
    expect(like.photos[0]).toMatchObject({ outcome: 'refused', reason: 'too_like_other_person' });
    const unlike = await enrol('mix', first.id, [guests.portraits[1]]);
    expect(unlike.photos[0]).toMatchObject({ outcome: 'refused', reason: 'unlike_own_references' });
    expect(unlike.photos[0]!.measured).toBeLessThan(unlike.photos[0]!.bar!);
    const forced = await enrol('mix', first.id, [guests.portraits[1]], { quality: 'off' });
    expect(forced).toMatchObject({ accepted: 1, person: { references: 2 } });
  });

  it('loses neither of two photos that are enrolled at once', async () => {
    await newCollection('race', { quality: 'off' });
    const { id } = await newPerson('race', 'Both');
    const versions = await Promise.all([200, 240, 280, 320].map((width) => scaled(guests.portraits[2], width)));
    const answers = await Promise.all(versions.map((photo) => enrol('race', id, [photo])));
    expect(answers.every(({ accepted }) => accepted === 1)).toBe(true);
    const { items } = await caller.json<PageAnswer<{ id: string }>>('GET', `/v1/collections/race/people/${id}/faces`);
    expect(items).toHaveLength(4);

    const left = await caller.json<PersonAnswer>('DELETE', `/v1/collections/race/people/${id}/faces/${items[0]!.id}`);
    expect(left.references).toBe(3);
    const gone = await caller.ask('DELETE', `/v1/collections/race/people/${id}/faces/${items[0]!.id}`);
    expect(gone).toMatchObject({ status: 404, body: { code: 'API.REFERENCE_MISSING' } });
  });

  it('is refused for people and collections that are not there', async () => {
    const nowhere = `/v1/collections/folk/people/00000000-0000-4000-8000-000000000000/faces`;
    expect(await caller.askForm(nowhere, { photos: guests.portraits[0] })).toMatchObject({
      status: 404,
      body: { code: 'API.PERSON_MISSING' },
    });
    const collection = nowhere.replace('folk', 'no-such-collection');
    expect(await caller.askForm(collection, { photos: guests.portraits[0] })).toMatchObject({
      status: 404,
      body: { code: 'API.COLLECTION_MISSING' },
    });
  });
});

describe('merging', () => {
  it('moves the references, shows where somebody went, and can be undone', async () => {
    await newCollection('twins', { quality: 'off' });
    const [one, two] = await Promise.all([newPerson('twins', 'One'), newPerson('twins', 'Two')]);
    await enrol('twins', one.id, [guests.portraits[0]]);
    await enrol('twins', two.id, [await scaled(guests.portraits[0], 260)]);
    const at = (id: string): string => `/v1/collections/twins/people/${id}`;
    const merged = await caller.json<PersonAnswer>('POST', `${at(one.id)}/merge`, { person: two.id });
    expect(merged).toMatchObject({ id: one.id, references: 2, absorbed: [two.id] });
    expect(await caller.json('GET', at(two.id))).toMatchObject({ mergedInto: one.id, references: 0 });
    expect(await caller.askForm(`${at(two.id)}/faces`, { photos: guests.portraits[0] })).toMatchObject({
      status: 409,
      body: { code: 'API.PERSON_MERGED' },
    });
    expect(await caller.ask('POST', `${at(one.id)}/merge`, { person: one.id })).toMatchObject({ status: 409 });
    const listed = await caller.json<PageAnswer<PersonAnswer>>('GET', '/v1/collections/twins/people');
    expect(listed.items.map(({ id }) => id)).toEqual([one.id]);

    await caller.json('POST', `${at(one.id)}/unmerge`, { person: two.id });
    expect(await caller.json('GET', at(one.id))).toMatchObject({ references: 1, absorbed: [] });
    expect(await caller.json('GET', at(two.id))).toMatchObject({ references: 1 });
    expect(await caller.ask('POST', `${at(one.id)}/unmerge`, { person: two.id })).toMatchObject({ status: 409 });
  });
});

describe('collections', () => {
  it('state their thresholds by rate or by cosine, and change all but their contract', async () => {
    const created = await caller.json('POST', '/v1/collections', {
      ...{ id: 'bars', quality: 'strict', onePersonPerPhoto: false, retentionDays: 30, description: 'by hand' },
      thresholds: { match: { fmr: 1e-5 }, review: { cosine: 0.1 } },
    });
    expect(created).toMatchObject({
      thresholds: { match: { fmr: 1e-5, cosine: expect.closeTo(0.477, 1) as number }, review: { cosine: 0.1 } },
      ...{ quality: 'strict', onePersonPerPhoto: false, retentionDays: 30 },
    });
    const refuse = async (body: object, status: number, code: string): Promise<void> =>
      expect(await caller.ask('POST', '/v1/collections', body)).toMatchObject({ status, body: { code } });
    await refuse({ id: 'bars' }, 409, 'API.COLLECTION_EXISTS');
    await refuse({ id: 'other', contract: 'other-1' }, 409, 'API.CONTRACT_MISMATCH');
    await refuse({ id: 'other', thresholds: { match: { fmr: 1e-9 } } }, 422, 'API.THRESHOLD_UNKNOWN');
    await refuse({ id: 'other', thresholds: { review: { cosine: 0.9 } } }, 400, 'API.REQUEST_INVALID');
    await refuse({ id: 'Not a slug' }, 400, 'API.REQUEST_INVALID');
    const changed = await caller.json('PATCH', '/v1/collections/bars', {
      ...{ retentionDays: null, description: null, quality: 'off' },
    });
    expect(changed).toMatchObject({ quality: 'off', thresholds: { match: { fmr: 1e-5 } } });
    expect(changed).not.toHaveProperty('retentionDays');
    expect(changed).not.toHaveProperty('description');
    // One bar each, at once: neither is lost.
    const bars = [{ match: { cosine: 0.6 } }, { review: { cosine: 0.2 } }];
    await Promise.all(bars.map((thresholds) => caller.json('PATCH', '/v1/collections/bars', { thresholds })));
    expect(await caller.json('GET', '/v1/collections/bars')).toMatchObject({
      thresholds: { match: { cosine: 0.6 }, review: { cosine: 0.2 } },
    });
    const { items } = await caller.json<PageAnswer<{ id: string }>>('GET', '/v1/collections?limit=200');
    expect(items.map(({ id }) => id)).toContain('bars');
  });
});
