import { requireModels } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import type { AssetAnswer, EnrolAnswer, FaceAnswer, PageAnswer, PersonAnswer } from '../../support/api.types.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';
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

async function enrol(collection: string, name: string, photo: Uint8Array): Promise<PersonAnswer> {
  const person = await caller.json<PersonAnswer>('POST', `/v1/collections/${collection}/people`, { name });
  const path = `/v1/collections/${collection}/people/${person.id}/faces`;
  expect((await caller.form<EnrolAnswer>(path, { photos: photo })).accepted).toBe(1);
  return person;
}

const faceOf = (asset: AssetAnswer, person: string): FaceAnswer | undefined =>
  asset.result?.faces.find(({ personId }) => personId === person);

const until = (id: string, expected: (asset: AssetAnswer) => boolean): Promise<AssetAnswer> =>
  awaitAsset(caller, id, (asset) => asset.state === 'done' && expected(asset));

describe('who is enrolled late', () => {
  it('is found in photos that were tagged before, and lost again when deleted', async () => {
    await caller.json('POST', '/v1/collections', { id: 'late' });
    const { id } = await submitPhoto(caller, 'late', guests.photos[3]!);
    expect((await caller.json<AssetAnswer>('GET', `/v1/assets/${id}`)).result?.faces).toHaveLength(3);

    const person = await enrol('late', 'Late Guest', guests.portraits[2]);
    const bound = await until(id, (asset) => faceOf(asset, person.id) !== undefined);
    expect(faceOf(bound, person.id)).toMatchObject({ decision: 'match' });
    const listed = await caller.json<PageAnswer<{ id: string }>>(
      'GET',
      `/v1/assets?collection=late&person=${person.id}`,
    );
    expect(listed.items.map((asset) => asset.id)).toEqual([id]);

    await caller.json('DELETE', `/v1/collections/late/people/${person.id}`);
    await until(id, (asset) => faceOf(asset, person.id) === undefined);
    const after = await caller.json<PageAnswer<unknown>>('GET', `/v1/assets?collection=late&person=${person.id}`);
    expect(after.items).toEqual([]);
  });
});

describe('what people say of a face', () => {
  let photo: AssetAnswer;
  let known: PersonAnswer;
  let other: PersonAnswer;

  beforeAll(async () => {
    await caller.json('POST', '/v1/collections', { id: 'said' });
    known = await enrol('said', 'Known', guests.portraits[2]);
    other = await enrol('said', 'Other', guests.portraits[0]);
    photo = await submitPhoto(caller, 'said', guests.photos[3]!, { externalId: 'p' });
  });

  const faceNow = async (faceId: string): Promise<FaceAnswer | undefined> =>
    (await caller.json<AssetAnswer>('GET', `/v1/assets/${photo.id}`)).result?.faces.find(
      (face) => face.faceId === faceId,
    );

  it('is remembered and honoured by later matching', async () => {
    const { faceId } = faceOf(photo, known.id)!;
    const rejected = await caller.json<FaceAnswer>('POST', `/v1/faces/${faceId}/reject`, { person: known.id });
    expect(rejected.personId).toBeUndefined();
    // A better reference would find him again, were it not for what was said.
    await caller
      .form(`/v1/collections/said/people/${known.id}/faces`, { photos: guests.photos[3]! })
      .catch(() => undefined);
    await caller.json('PATCH', '/v1/collections/said', {
      thresholds: { review: { cosine: 0.1 }, match: { cosine: 0.2 } },
    });
    await enrol('said', 'Somebody else', guests.portraits[1]);
    await until(photo.id, (asset) => asset.result!.faces.every(({ candidates }) => candidates.length > 0));
    expect((await faceNow(faceId))?.candidates.map(({ personId }) => personId)).not.toContain(known.id);

    const assigned = await caller.json<FaceAnswer>('POST', `/v1/faces/${faceId}/assign`, { person: other.id });
    expect(assigned).toMatchObject({ decision: 'match', personId: other.id });
    await until(photo.id, (asset) => faceOf(asset, other.id)?.faceId === faceId);

    await caller.json('POST', `/v1/collections/said/people/${known.id}/merge`, { person: other.id });
    await until(photo.id, (asset) => faceOf(asset, known.id)?.faceId === faceId);
    await caller.json('POST', `/v1/collections/said/people/${known.id}/unmerge`, { person: other.id });
    await until(photo.id, (asset) => faceOf(asset, other.id)?.faceId === faceId);
  });

  it('is refused for faces and people that are not there', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await caller.ask('POST', `/v1/faces/${nobody}/assign`, { person: known.id })).toMatchObject({
      status: 404,
      body: { code: 'API.FACE_MISSING' },
    });
    const { faceId } = photo.result!.faces[0]!;
    expect(await caller.ask('POST', `/v1/faces/${faceId}/assign`, { person: nobody })).toMatchObject({
      status: 404,
      body: { code: 'API.PERSON_MISSING' },
    });
  });
});
