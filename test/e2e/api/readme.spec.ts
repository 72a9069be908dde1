import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PixelBox } from '@facelane/imaging';
import { requireModels, samplePhoto } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { portraits, writePhoto } from '../../support/photos.js';

const readme = fileURLToPath(new URL('../../../README.md', import.meta.url));

let home: string;
let api: RunningApi;

beforeAll(async () => {
  const models = await requireModels();
  home = await mkdtemp(join(tmpdir(), 'facelane-readme-'));
  for (const n of [2, 3]) {
    await writePhoto(join(home, `data/quickstart/photos/sample-${n}.jpg`), await samplePhoto(models, n));
  }
  api = await startStandaloneApi();
  const first = await samplePhoto(models, 1);
  const { faces } = await api.as(api.key).form<{ faces: { box: PixelBox }[] }>('/v1/detect', { image: first });
  const guests = await portraits(
    first,
    faces.map(({ box }) => box),
  );
  await writePhoto(join(home, 'data/quickstart/people/Guest 3/from-sample-1.jpg'), guests[2]!);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await rm(home, { recursive: true, force: true });
});

it('can be pasted line by line', async () => {
  const [, block = ''] = /<!-- api:begin -->([\s\S]*)<!-- api:end -->/.exec(await readFile(readme, 'utf8')) ?? [];
  const script = block.replaceAll(/^ {4}/gm, '');
  expect(script).toContain('/v1/receipts/');
  // A line that fails ends it, as it would stop a reader.
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: home,
    env: { ...process.env, FACELANE_URL: api.address, FACELANE_KEY: api.key },
    timeout: 60_000,
  });
  const answers = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(answers.find((answer) => 'accepted' in answer)).toMatchObject({ accepted: 1, refused: 0 });
  const search = answers.find((answer) => 'droppedFaces' in answer && 'collection' in answer);
  const faces = search?.['faces'] as { decision: string; candidates: { name: string }[] }[];
  expect(faces.filter(({ decision }) => decision === 'match').map(({ candidates }) => candidates[0]?.name)).toEqual([
    'Grace',
  ]);
  expect(answers.find((answer) => 'similarity' in answer)).toMatchObject({ contract: expect.any(String) as string });
  expect(answers.at(-1)).toMatchObject({ counts: { people: 1, references: 1 }, digest: expect.any(String) as string });
  expect((await readFile(join(home, 'data/face.jpg'))).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
});

it('has bulk jobs that can be pasted line by line', async () => {
  const text = await readFile(readme, 'utf8');
  const helpers = /^ {4}(?:api|field)\(\) .*$/gm;
  const [, block = ''] = /<!-- jobs:begin -->([\s\S]*)<!-- jobs:end -->/.exec(text) ?? [];
  const script = [...(text.match(helpers) ?? []), block].join('\n').replaceAll(/^ {4}/gm, '');
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: home,
    env: { ...process.env, FACELANE_URL: api.address, FACELANE_KEY: api.key },
    timeout: 60_000,
  });
  const events = stdout.split('\n').filter((line) => line.startsWith('data: '));
  expect(JSON.parse(events.at(-1)!.slice('data: '.length))).toMatchObject({
    ...{ state: 'completed', accounted: 3, failures: { 'INGEST.URL_NOT_ALLOWED': 1 } },
  });
  const results = stdout.split('\n').filter((line) => line.startsWith('{"line"'));
  expect(results.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual([
    ...['done', 'duplicate', 'failed'],
  ]);
}, 90_000);
