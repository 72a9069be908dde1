import { requireModels } from '@facelane/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { EnrolAnswer, FaceAnswer, PersonAnswer } from '../../support/api.types.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';
import { nobody } from '../../support/bad.photos.js';
import { type Guests, inviteGuests } from '../../support/guests.js';
import { listObjects } from '../../support/scan-stores.js';

interface SearchAnswer {
  readonly faces: readonly (FaceAnswer & { candidates: { mean: number; referenceId: string }[] })[];
  readonly assetId?: string;
}

interface VerifyAnswer {
  readonly similarity: number;
  readonly mean?: number;
  readonly decision: string;
  readonly threshold: { readonly cosine: number; readonly fmr: number };
  readonly person?: { readonly personId: string };
}

let api: RunningApi;
let caller: ApiCaller;
let guests: Guests;
let people: readonly PersonAnswer[];

async function enrol(name: string, photos: readonly Uint8Array[]): Promise<PersonAnswer> {
  const person = await caller.json<PersonAnswer>('POST', '/v1/collections/party/people', { name });
  const path = `/v1/collections/party/people/${person.id}/faces`;
  const { accepted } = await caller.form<EnrolAnswer>(path, { photos });
  expect(accepted).toBe(photos.length);
  return person;
}

beforeAll(async () => {
  const models = await requireModels();
  api = await startStandaloneApi();
  caller = api.as(api.key);
  guests = await inviteGuests(caller, models);
  await caller.json('POST', '/v1/collections', { id: 'party' });
  people = await Promise.all(guests.portraits.map((portrait, i) => enrol(`Guest ${i + 1}`, [portrait])));
}, 120_000);
afterAll(() => api.stop());

const search = (fields: Record<string, string | Uint8Array>): Promise<SearchAnswer> =>
  caller.form<SearchAnswer>('/v1/collections/party/search', fields);

const idsOf = ({ faces }: SearchAnswer): (string | undefined)[] =>
  faces.filter(({ decision }) => decision === 'match').map(({ personId }) => personId);

describe('search', () => {
  it('answers for every face, with best and mean scores, and leaves nothing behind', async () => {
    const before = await listObjects(api.dataDir);
    const answer = await search({ image: guests.photos[1]! });
    expect(answer.faces).toHaveLength(3);
    expect(new Set(idsOf(answer))).toEqual(new Set(people.map(({ id }) => id)));
    for (const { candidates } of answer.faces) {
      expect(candidates[0]!.score).toBeGreaterThan(0.95);
      // One reference each, so the mean is the score.
      expect(candidates[0]!.mean).toBeCloseTo(candidates[0]!.score, 4);
      expect(candidates).toHaveLength(3);
    }
    expect(answer.assetId).toBeUndefined();
    expect(await listObjects(api.dataDir)).toEqual(before);
  });

  it('finds the one guest in another photo, and as many candidates as asked for', async () => {
    const answer = await search({ image: guests.photos[3]!, limit: '1' });
    expect(idsOf(answer)).toEqual([people[2]!.id]);
    for (const { candidates } of answer.faces) expect(candidates.length).toBeLessThanOrEqual(1);
  });

  it('takes a person once per photo, unless that is switched off', async () => {
    const { width, height } = await sharp(guests.portraits[0]).metadata();
    const twice = await sharp(guests.portraits[0])
      .extend({ right: width })
      .composite([{ input: Buffer.from(guests.portraits[0]), left: width, top: 0 }])
      .jpeg()
      .toBuffer();
    expect(height).toBeGreaterThan(0);
    const once = await search({ image: twice });
    expect(once.faces).toHaveLength(2);
    expect(idsOf(once)).toEqual([people[0]!.id]);
    expect(once.faces.find(({ decision }) => decision === 'none')?.displacedBy).toEqual(expect.any(Number));
    expect(idsOf(await search({ image: twice, onePersonPerPhoto: 'false' }))).toEqual([people[0]!.id, people[0]!.id]);
  });

  it('keeps the photo as an asset when asked to', async () => {
    const { assetId } = await search({ image: guests.photos[3]!, store: 'true', externalId: 'kept' });
    const asset = await awaitAsset(caller, assetId!);
    expect(asset).toMatchObject({ state: 'done', externalId: 'kept' });
    expect(asset.result?.faces.some(({ personId }) => personId === people[2]!.id)).toBe(true);
  });

  it('gives an empty answer for nobody, and says what is wrong with what is no photo', async () => {
    expect((await search({ image: await nobody() })).faces).toEqual([]);
    const before = await listObjects(api.dataDir);
    const text = await caller.askForm('/v1/collections/party/search', { image: Buffer.from('no photo at all') });
    expect(text).toMatchObject({
      status: 422,
      body: { code: 'INGEST.NOT_AN_IMAGE', remedy: expect.any(String) as string },
    });
    const cut = await caller.askForm('/v1/collections/party/search', { image: guests.photos[1]!.slice(0, 20_000) });
    expect(cut).toMatchObject({ status: 422, body: { code: 'DETECT.IMAGE_UNREADABLE' } });
    expect(await listObjects(api.dataDir)).toEqual(before);
  });

  it('refuses another model contract', async () => {
    const path = '/v1/collections/party/search';
    const answer = await caller.askForm(path, { image: guests.photos[1]!, contract: 'other-1' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'API.CONTRACT_MISMATCH' } });
  });

  it('serves a crowd at once', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => search({ image: guests.portraits[1] })));
    for (const answer of answers) expect(idsOf(answer)).toEqual([people[1]!.id]);
  });
});

it('tells of the quality of a face by the bars of the collection', async () => {
  await caller.json('POST', '/v1/collections', { id: 'lenient', quality: 'off' });
  const [big] = guests.portraits;
  const a = new Uint8Array(await sharp(big).resize(60).jpeg({ quality: 95 }).toBuffer());
  type Answer = Record<'a' | 'b', { readonly qualityReasons: readonly { readonly reason: string }[] }>;
  const usual = await caller.form<Answer>('/v1/verify', { a, b: a });
  for (const { qualityReasons } of [usual.a, usual.b]) expect(qualityReasons[0]).toMatchObject({ reason: 'too_small' });
  const lenient = await caller.form<Answer>('/v1/verify', { a, b: a, collection: 'lenient' });
  expect([lenient.a.qualityReasons, lenient.b.qualityReasons]).toEqual([[], []]);

  const person = await caller.json<PersonAnswer>('POST', '/v1/collections/lenient/people', { name: 'Small' });
  const asset = await submitPhoto(caller, 'lenient', a);
  const { faceId } = asset.result!.faces[0]!;
  for (const verb of ['assign', 'reject']) {
    const face = await caller.json<Answer['a']>('POST', `/v1/faces/${faceId}/${verb}`, { person: person.id });
    expect(face.qualityReasons).toEqual([]);
  }
});

describe('verify', () => {
  const verify = (fields: Record<string, string | Uint8Array>): Promise<VerifyAnswer> =>
    caller.form<VerifyAnswer>('/v1/verify', fields);

  it('compares two photos at a stated false match rate', async () => {
    const same = await verify({ a: guests.portraits[0], b: guests.portraits[0] });
    expect(same.similarity).toBeGreaterThan(0.99);
    expect(same).toMatchObject({ decision: 'match', threshold: { fmr: 1e-4 } });
    const other = await verify({ a: guests.portraits[0], b: guests.portraits[1] });
    expect(other.similarity).toBeLessThan(0.35);
    expect(other).toMatchObject({ decision: 'none', threshold: { fmr: 1e-3 } });
  });

  it('compares a photo with a person', async () => {
    const person = { collection: 'party', person: people[1]!.id };
    expect(await verify({ a: guests.portraits[1], ...person })).toMatchObject({
      decision: 'match',
      person: { personId: people[1]!.id },
    });
    expect(await verify({ a: guests.portraits[2], ...person })).toMatchObject({ decision: 'none' });
  });

  it('says of a person without reference faces that this is what is missing', async () => {
    const { id } = await caller.json<PersonAnswer>('POST', '/v1/collections/party/people', { name: 'Unseen' });
    const answer = await caller.askForm('/v1/verify', { a: guests.portraits[0], collection: 'party', person: id });
    expect(answer).toMatchObject({ status: 409, body: { code: 'API.NO_REFERENCE' } });
  });

  it('names the photo that cannot be read', async () => {
    const answer = await caller.askForm('/v1/verify', { a: guests.portraits[0], b: Buffer.from('text') });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'INGEST.NOT_AN_IMAGE', detail: expect.stringMatching(/^Photo b: the content/) as string },
    });
  });

  it('names the photo without a face', async () => {
    const answer = await caller.askForm('/v1/verify', { a: guests.portraits[0], b: await nobody() });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'API.NO_FACE', detail: expect.stringContaining('b') as string },
    });
  });

  it('asks for a second photo or a person, not both', async () => {
    const neither = await caller.askForm('/v1/verify', { a: guests.portraits[0] });
    expect(neither).toMatchObject({ status: 400, body: { errors: [{ path: 'body.b' }] } });
  });
});
