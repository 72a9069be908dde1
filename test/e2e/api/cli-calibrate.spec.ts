import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireModels } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { startProgram } from '../../support/child.program.js';
import { writeLabelledFolder } from '../../support/labelled.folder.js';

let api: RunningApi;
let home: string;

beforeAll(async () => {
  const models = await requireModels();
  [api, home] = await Promise.all([startStandaloneApi(), mkdtemp(join(tmpdir(), 'facelane-calibrate-'))]);
  await writeLabelledFolder(models, join(home, 'people'));
}, 120_000);
afterAll(async () => {
  await api.stop();
  await rm(home, { recursive: true, force: true });
});

async function calibrate(collection: string): Promise<{ code: number | string; out: string; err: string }> {
  const env = { FACELANE_URL: api.address, FACELANE_KEY: api.key, DATA_DIR: home, INFERENCE_THREADS: '1' };
  const args = ['calibrate', join(home, 'people'), '--fmr', '0.05', '--apply', collection, '--json'];
  const child = startProgram('cli', env, args);
  return { code: await child.ended, out: child.stdout(), err: child.stderr() };
}

it('sets the thresholds of a collection of a running API, and nothing else of it', async () => {
  const caller = api.as(api.key);
  const before = await caller.json<object>('POST', '/v1/collections', { id: 'guests', description: 'at the door' });
  const ran = await calibrate('guests');
  expect(ran).toMatchObject({ code: 0, err: '' });
  const { patch } = JSON.parse(ran.out) as { patch: { thresholds: { match: object; review: object } } };
  const after = await caller.json<{ thresholds: object; updatedAt: string }>('GET', '/v1/collections/guests');
  const { thresholds, updatedAt } = after;
  expect(after).toEqual({ ...before, thresholds, updatedAt });
  expect(thresholds).toMatchObject(patch.thresholds);
});

it('says before the long work that there is no such collection', async () => {
  const ran = await calibrate('nobody');
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain('API.COLLECTION_MISSING');
});
