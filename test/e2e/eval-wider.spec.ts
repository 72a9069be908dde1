import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { contractFileIds, pullModels, resolveModelFile } from '@facelane/models';
import { requireModels } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireWhole } from '../support/whole.page.js';

const MAIN = fileURLToPath(new URL('../../dist/apps/cli/src/main.js', import.meta.url));
const run = promisify(execFile);
const models = await requireModels();
let folder: string;

const CONTRACTS = ['default', 'ultraface-320', 'ultraface-640', 'ultraface-tiles', 'mtcnn', 'haar'];

/** The three women of sample photo 3: left, top, width, height in pixels of the file. */
const FACES = [
  [590, 330, 200, 275],
  [1075, 195, 220, 305],
  [1505, 300, 180, 262],
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-eval-wider-'));
  const files = CONTRACTS.flatMap((name) => contractFileIds(models.manifest, name));
  await pullModels(models.manifest, files, { cacheDir: models.cacheDir });
  await mkdir(join(folder, 'images'));
  await copyFile(await resolveModelFile(models.manifest, 'sample-3', models.cacheDir), join(folder, 'images', '3.jpg'));
});
afterAll(() => rm(folder, { recursive: true }));

const evaluate = async (contract: string, ...flags: string[]): Promise<string> => {
  const env = { PATH: process.env['PATH'], HOME: folder, INFERENCE_THREADS: '1', MODELS_CONTRACT: contract };
  return (await run(process.execPath, [MAIN, 'eval', 'wider', folder, ...flags], { env })).stdout;
};

const label = (counting: readonly number[]): Promise<void> =>
  writeFile(
    join(folder, 'gt.json'),
    JSON.stringify({ '3.jpg': { boxes: FACES, easy: counting, medium: counting, hard: [0, 1, 2] } }),
  );

it.each(CONTRACTS)('eval wider measures the detector of the contract %s in pixels of the photo', async (contract) => {
  await label([1]);
  const report: unknown = JSON.parse(await evaluate(contract, '--json'));
  expect(report).toMatchObject({
    averagePrecision: { easy: 1, medium: 1, hard: 1 },
    faces: { easy: 1, medium: 1, hard: 3 },
    photos: 1,
    millisecondsPerPhoto: { mean: expect.any(Number) as number },
    contract: expect.stringMatching(/^mobilefacenet-512-[0-9a-f]{8}$/) as string,
  });
});

it('eval wider says the same in words, and writes JSON, a page and a row', async () => {
  await label([0]);
  const out = join(folder, 'out');
  await evaluate('default', '--quiet', '--out', out);
  const [json, html, row] = await Promise.all(
    ['json', 'html', 'md'].map((end) => readFile(join(out, `wider.${end}`), 'utf8')),
  );
  expect(JSON.parse(json!)).toMatchObject({ averagePrecision: { easy: 1 }, curves: { easy: [{ recall: 1 }] } });
  requireWhole(html!);
  expect(html).toContain('easy 1.000, medium 1.000, hard 1.000');
  expect(row).toMatch(/^\| model contract \| AP easy .*\n.*\n\| `mobilefacenet-512-[0-9a-f]{8}` \| 1\.000 \|/);
  expect(await evaluate('default', '--quiet')).toMatch(/^easy +1\.000 AP {2}\(1 faces\)\nmedium +1\.000 AP/);
});

it('eval wider refuses a folder without labels, and names a photo that is missing', async () => {
  await rm(join(folder, 'gt.json'), { force: true });
  await expect(evaluate('default')).rejects.toMatchObject({ stderr: expect.stringContaining('gt.json') as string });
  await writeFile(join(folder, 'gt.json'), JSON.stringify({ '9.jpg': { boxes: [], easy: [], medium: [], hard: [] } }));
  await expect(evaluate('default')).rejects.toMatchObject({ stderr: expect.stringContaining('9.jpg') as string });
});
