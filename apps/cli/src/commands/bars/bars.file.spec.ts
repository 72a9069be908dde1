import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBars } from './bars.file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-bars-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(text: string): Promise<string> {
  const path = join(folder, 'bars.json');
  await writeFile(path, text);
  return path;
}

it('reads the bars of a collection', async () => {
  const bars = { enrol: { minUtility: 70 }, match: { minSide: 30, maxCut: 0 }, store: {} };
  expect(await readBars(await written(JSON.stringify(bars)))).toEqual(bars);
  expect(await readBars(undefined)).toBeUndefined();
});

it.each([
  ['a bar that there is none of', '{"match":{"minSize":30}}', /: match\.minSize is unknown\.$/],
  ['a gate that there is none of', '{"matching":{}}', /: matching is unknown\.$/],
  ['a value out of range', '{"match":{"minSide":30,"minUtility":101}}', /: match\.minUtility: .*<=100\.$/],
  ['a text for a number', '{"store":{"maxRoll":"90"}}', /: store\.maxRoll: .*expected number/],
  ['a list', '[]', /expected object/],
  ['no JSON', '{match:}', /is no JSON: /],
])('names the field: %s', async (_what, text, message) => {
  const failed: unknown = await readBars(await written(text)).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(UsageError);
  expect((failed as UsageError).message).toMatch(message);
  expect((failed as UsageError).message).toContain('bars.json');
  expect((failed as UsageError).remedy).toContain('"minSide": 30');
});

it('names a file that is not there', async () => {
  await expect(readBars(join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read/);
});
