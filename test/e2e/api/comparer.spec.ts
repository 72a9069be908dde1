import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireModels, type TestModels } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparerEntry, peaked, peakedComparer } from '../../../libs/inference/src/comparer/comparer.fixture.js';
import { type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import { awaitAsset, submitPhoto } from '../../support/await-asset.js';
import { startProgram } from '../../support/child.program.js';
import { type Guests, inviteGuests } from '../../support/guests.js';

/** The stand-in of a comparer is surest of pairs with this cosine: of strangers, so that its order is not the cosine's. */
const PEAK = 0.1;
const DIMENSION = 512;

interface Ranked {
  readonly name: string;
  readonly personId: string;
  readonly score: number;
  readonly probability?: number;
}
interface Faces {
  readonly faces: readonly { readonly personId?: string; readonly candidates: readonly Ranked[] }[];
}

let models: TestModels;
let folder: string;
let api: RunningApi;
let caller: ApiCaller;
let guests: Guests;

/** A manifest with a contract whose vectors are the default's, and whose comparer is this network. */
async function manifestWith(network: Uint8Array): Promise<Record<string, string>> {
  const source = join(folder, 'comparer.onnx');
  await writeFile(source, network);
  const { default: contract } = models.manifest.contracts;
  const path = join(folder, 'manifest.json');
  const manifest = {
    version: 1,
    files: [comparerEntry('peaked', network, DIMENSION, `file:${source}`)],
    contracts: { compared: { ...contract, comparer: 'peaked' } },
  };
  await writeFile(path, JSON.stringify(manifest));
  return { MODELS_MANIFEST: path, MODELS_CONTRACT: 'compared', MODELS_CACHE: models.cacheDir };
}

beforeAll(async () => {
  models = await requireModels();
  folder = await mkdtemp(join(tmpdir(), 'facelane-compared-'));
  api = await startStandaloneApi(await manifestWith(peakedComparer(DIMENSION, PEAK)));
  caller = api.as(await api.newKey('acme', ['search', 'assets:write', 'people:write', 'admin']));
  guests = await inviteGuests(caller, models);
  // A review bar below every cosine: everybody is a candidate who is compared.
  const thresholds = { match: { cosine: 0.9 }, review: { cosine: -0.9 } };
  await caller.json('POST', '/v1/collections', { id: 'party', thresholds });
  for (const [at, portrait] of guests.portraits.entries()) {
    const person = await caller.json<{ id: string }>('POST', '/v1/collections/party/people', { name: `Guest ${at}` });
    await caller.form(`/v1/collections/party/people/${person.id}/faces`, { photos: [portrait] });
  }
}, 120_000);
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

function expectRanked(candidates: readonly Ranked[]): void {
  expect(candidates).toHaveLength(3);
  const probabilities = candidates.map(({ probability }) => probability!);
  expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
  for (const { score, probability } of candidates) expect(probability).toBeCloseTo(peaked(score, PEAK), 4);
  // The face's own person has by far the highest cosine, and comes last here.
  expect(candidates.at(-1)!.score).toBeGreaterThan(0.9);
}

describe('a contract with a comparer', () => {
  it('ranks the candidates of a search, and of a photo that is stored', async () => {
    const asked = await caller.form<Faces>('/v1/collections/party/search', { image: guests.portraits[0] });
    expectRanked(asked.faces[0]!.candidates);
    const { id } = await submitPhoto(caller, 'party', guests.portraits[0]);
    const { result } = await awaitAsset(caller, id, ({ state }) => state === 'done');
    const [face] = result!.faces as unknown as Faces['faces'];
    expectRanked(face!.candidates);
    expect(face!.personId).toBe(face!.candidates[0]!.personId);
  });

  it('tells the probability in a verification, of two photos or of a photo and a person', async () => {
    const [a, b] = guests.portraits;
    const two = await caller.form<{ similarity: number; probability: number }>('/v1/verify', { a, b });
    expect(two.probability).toBeCloseTo(peaked(two.similarity, PEAK), 4);
    const asked = await caller.form<Faces>('/v1/collections/party/search', { image: a });
    const { personId: person } = asked.faces[0]!.candidates[0]!;
    const one = await caller.form<{ similarity: number; probability: number }>('/v1/verify', {
      ...{ a, person, collection: 'party' },
    });
    expect(one.probability).toBeCloseTo(peaked(one.similarity, PEAK), 4);
  });
});

it('no program starts with a comparer whose answers mean the opposite', async () => {
  const env = await manifestWith(peakedComparer(DIMENSION, PEAK, { upsideDown: true }));
  const program = startProgram('standalone', { DATA_DIR: join(folder, 'data'), API_PORT: '0', ...env });
  expect(await program.ended).not.toBe(0);
  expect(program.stderr()).toContain('INFERENCE.SELF_TEST_FAILED');
  expect(program.stderr()).toContain('The comparer peaked takes a vector and its opposite for one person');
}, 60_000);
