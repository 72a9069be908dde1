import { requireModels, startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import { type Guests, inviteGuests } from '../../support/guests.js';
import type { EnrolAnswer, PersonAnswer } from '../../support/api.types.js';
import { scaled } from '../../support/photos.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';

let server: TestRedis;
let api: RunningApi;
let caller: ApiCaller;
let guests: Guests;

beforeAll(async () => {
  const models = await requireModels();
  server = await startRedis();
  api = await startStandaloneApi({ REDIS_URL: server.url });
  caller = api.as(await api.newKey('acme', ['search', 'assets:write', 'people:write', 'admin']));
  guests = await inviteGuests(caller, models);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await server.stop();
});

interface WithheldFace {
  readonly decision: string;
  readonly candidates: readonly unknown[];
  readonly utility: number;
  readonly withheld?: { readonly from: string; readonly reasons: readonly object[] };
}

const facesOf = async (collection: string): Promise<readonly WithheldFace[]> => {
  const { id } = await submitPhoto(caller, collection, guests.photos[3]!);
  const { result } = await awaitAsset(caller, id, ({ state }) => state === 'done');
  return result!.faces as unknown as WithheldFace[];
};

describe.each(['match', 'store'] as const)('a bar to %s', (gate) => {
  it('withholds who is below it, says why, and tells of no stranger', async () => {
    const collection = `bar-${gate}`;
    await caller.json('POST', '/v1/collections', { id: collection });
    // No face of a photo is that large.
    await caller.json('PATCH', `/v1/collections/${collection}`, { qualityBars: { [gate]: { minSide: 5_000 } } });
    const faces = await facesOf(collection);
    expect(faces).toHaveLength(3);
    for (const face of faces) {
      expect(face).toMatchObject({ decision: 'none', candidates: [], withheld: { from: gate } });
      expect(face.utility > 0 && face.utility <= 100).toBe(true);
      expect(face.withheld!.reasons).toEqual([
        {
          reason: 'too_small',
          measured: expect.any(Number) as number,
          bar: 5_000,
          remedy: expect.stringContaining('taken closer') as string,
        },
      ]);
    }
    const told = await vi.waitFor(async () => {
      const { events } = await caller.json<{ events: { type: string; data: object }[] }>(
        'GET',
        `/v1/events?collection=${collection}`,
      );
      expect(events.length).toBeGreaterThan(0);
      return events;
    });
    expect(told.map(({ type }) => type)).toEqual(['asset.completed']);
    expect(told[0]!.data).toMatchObject({ withheld: 3, withheldReasons: [{ reason: 'too_small', faces: 3 }] });
  });
});

describe('verify', () => {
  interface Verified {
    readonly similarity: number;
    readonly decision: string;
    readonly a: WithheldFace;
    readonly b?: WithheldFace;
  }
  const verify = (fields: Record<string, string | Uint8Array>): Promise<Verified> =>
    caller.form<Verified>('/v1/verify', { collection: 'bar-verify', ...fields });
  let small: Uint8Array;
  let large: Uint8Array;
  beforeAll(async () => {
    large = guests.portraits[0];
    small = await scaled(large, 60);
    const qualityBars = { enrol: { minSide: 1 }, match: { minSide: 40 } };
    await caller.json('POST', '/v1/collections', { id: 'bar-verify', qualityBars });
  });

  it('decides nothing by a face that the bars withhold, and says which and why', async () => {
    const withheld = { from: 'match', reasons: [{ reason: 'too_small', bar: 40 }] };
    const without = await caller.form<Verified>('/v1/verify', { a: large, b: small });
    expect(without).toMatchObject({ decision: 'match' });
    const answer = await verify({ a: large, b: small });
    expect(answer).toMatchObject({ decision: 'none', b: { withheld }, similarity: without.similarity });
    expect(answer.a.withheld).toBeUndefined();
    expect(await verify({ a: small, b: large })).toMatchObject({ decision: 'none', a: { withheld } });
    const good = await verify({ a: large, b: large });
    expect([good.decision, good.a.withheld, good.b!.withheld]).toEqual(['match', undefined, undefined]);
  });

  it('does the same beside a person', async () => {
    const people = '/v1/collections/bar-verify/people';
    const { id } = await caller.json<PersonAnswer>('POST', people, { name: 'Guest' });
    const { accepted } = await caller.form<EnrolAnswer>(`${people}/${id}/faces`, { photos: [large] });
    expect(accepted).toBe(1);
    expect(await verify({ a: large, person: id })).toMatchObject({ decision: 'match' });
    const answer = await verify({ a: small, person: id });
    expect(answer).toMatchObject({ decision: 'none', a: { withheld: { from: 'match' } } });
    expect(answer.similarity).toBeGreaterThan(0.5);
  });
});

it('a bar to enrol refuses with its own reason, in the answer and in the event', async () => {
  await caller.json('POST', '/v1/collections', { id: 'bar-enrol', qualityBars: { enrol: { minUtility: 100 } } });
  const people = '/v1/collections/bar-enrol/people';
  const { id } = await caller.json<PersonAnswer>('POST', people, { name: 'Guest' });
  const photos = [guests.portraits[0]];
  const answer = await caller.form<EnrolAnswer>(`${people}/${id}/faces`, { photos });
  expect(answer.photos).toMatchObject([{ outcome: 'refused', reason: 'low_utility', bar: 100 }]);
  expect(answer.photos[0]!.measured).toBeLessThan(100);
  const { events } = await vi.waitFor(async () => {
    const page = await caller.json<{ events: { data: object }[] }>(
      'GET',
      '/v1/events?collection=bar-enrol&types=asset.completed',
    );
    expect(page.events).toHaveLength(1);
    return page;
  });
  expect(events[0]!.data).toMatchObject({ enrolment: { outcome: 'refused', reason: 'low_utility' } });
  // Somebody who is asked to bring better photos is told at once what to bring.
  const { faces } = await caller.form<{ faces: { qualityReasons: object[] }[] }>('/v1/collections/bar-enrol/search', {
    image: guests.portraits[0],
  });
  expect(faces[0]!.qualityReasons).toMatchObject([{ reason: 'low_utility', bar: 100 }]);
});

it('without bars every face is compared', async () => {
  await caller.json('POST', '/v1/collections', { id: 'no-bars' });
  const faces = await facesOf('no-bars');
  expect(faces.map(({ withheld }) => withheld)).toEqual([undefined, undefined, undefined]);
});
