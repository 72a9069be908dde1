import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireModels, type TestModels } from '@facelane/testing';
import { listContracts } from './list-contracts.js';

let models: TestModels;
let empty: string;
beforeAll(async () => {
  [models, empty] = await Promise.all([requireModels(), mkdtemp(join(tmpdir(), 'facelane-contracts-'))]);
});
afterAll(() => rm(empty, { recursive: true }));

const statesIn = async (folder: string): Promise<Record<string, string>> =>
  Object.fromEntries((await listContracts(models.manifest, folder)).map(({ name, state }) => [name, state]));

it('says of every contract under which id its vectors are, and whether it can run', async () => {
  const listed = await listContracts(models.manifest, models.cacheDir);
  expect(listed.map(({ name }) => name)).toEqual(Object.keys(models.manifest.contracts));
  expect(listed.find(({ name }) => name === 'default')).toMatchObject({ id: models.contract.id, state: 'ready' });
  expect(await statesIn(empty)).toMatchObject({ default: 'needs file', 'w600k-r50': 'needs licence' });
});
