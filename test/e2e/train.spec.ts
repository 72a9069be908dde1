import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireModels, type TestModels } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobody } from '../support/bad.photos.js';
import { startProgram } from '../support/child.program.js';
import { FOLDER_PEOPLE, personName, writeLabelledFolder } from '../support/labelled.folder.js';
import { writePhoto } from '../support/photos.js';

let models: TestModels;
let home: string;
let people: string;

beforeAll(async () => {
  [models, home] = await Promise.all([requireModels(), mkdtemp(join(tmpdir(), 'facelane-train-'))]);
  people = join(home, 'people');
  await writeLabelledFolder(models, people);
}, 120_000);
afterAll(() => rm(home, { recursive: true, force: true }));

interface Ran {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

async function facelane(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const own = { HOME: home, DATA_DIR: join(home, 'data'), INFERENCE_THREADS: '1' };
  const child = startProgram('cli', { ...own, ...env }, args);
  return { code: await child.ended, out: child.stdout(), err: child.stderr() };
}

describe('facelane models train eigenfaces', () => {
  it('makes an embedder that the same programs run', async () => {
    const out = join(home, 'eigenfaces');
    const trained = await facelane([
      'models',
      'train',
      'eigenfaces',
      people,
      '--out',
      out,
      '--components',
      '16',
      '--json',
    ]);
    expect(trained).toMatchObject({ code: 0 });
    const manifest = join(out, 'manifest.json');
    expect(JSON.parse(trained.out)).toMatchObject({
      faces: 2 * FOLDER_PEOPLE,
      people: FOLDER_PEOPLE,
      dimension: 16,
      manifest,
    });
    const text = await readFile(manifest, 'utf8');
    expect(text).toContain(`Principal components of ${2 * FOLDER_PEOPLE} faces of ${FOLDER_PEOPLE} people`);

    const chosen = { MODELS_MANIFEST: manifest, MODELS_CONTRACT: 'eigenfaces', MODELS_CACHE: models.cacheDir };
    const measured = await facelane(['eval', 'lfw', people, '--json'], chosen);
    expect(measured).toMatchObject({ code: 0 });
    const report = JSON.parse(measured.out) as { accuracy: number; contract: string };
    expect(report.contract).toMatch(/^eigenfaces-[0-9a-f]{8}$/);
    expect(report.accuracy).toBeGreaterThan(0.5);
    const listed = await facelane(['models', 'contracts', '--json'], chosen);
    expect(JSON.parse(listed.out)).toContainEqual(
      expect.objectContaining({ name: 'eigenfaces', id: report.contract, state: 'ready', chosen: true }),
    );
  }, 120_000);

  it('refuses one person, photos without faces, and numbers that are none', async () => {
    const one = join(home, 'one');
    await cp(join(people, personName(0)), join(one, personName(0)), { recursive: true });
    expect(await facelane(['models', 'train', 'eigenfaces', one])).toMatchObject({
      code: 2,
      err: expect.stringContaining('one person only') as string,
    });
    const empty = join(home, 'empty');
    for (const name of ['A', 'B']) await writePhoto(join(empty, name, 'a.jpg'), await nobody());
    expect(await facelane(['models', 'train', 'eigenfaces', empty])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Faces were found in 0 of 2 photos') as string,
    });
    expect(await facelane(['models', 'train', 'eigenfaces', people, '--components', '0'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--components 0 is no whole number from 1 to 512') as string,
    });
  }, 60_000);
});

describe('a manifest of one’s own', () => {
  it('is refused when it is missing, or takes a name that there is', async () => {
    const missing = join(home, 'nowhere.json');
    expect(await facelane(['models', 'list'], { MODELS_MANIFEST: missing })).toMatchObject({
      code: 2,
      err: expect.stringContaining('nowhere.json cannot be read') as string,
    });
    const taken = join(home, 'taken.json');
    const { default: contract } = models.manifest.contracts;
    await writePhoto(taken, Buffer.from(JSON.stringify({ version: 1, files: [], contracts: { default: contract } })));
    expect(await facelane(['models', 'list'], { MODELS_MANIFEST: taken })).toMatchObject({
      code: 2,
      err: expect.stringContaining('has a contract "default", which there is already') as string,
    });
  });
});

describe('facelane models train siamese', () => {
  it('makes a comparer that eval lfw and verify ask beside the cosine', async () => {
    const out = join(home, 'siamese');
    const pairs = join(people, 'pairsDevTrain.txt');
    const trained = await facelane(['models', 'train', 'siamese', pairs, '--out', out, '--json']);
    expect(trained).toMatchObject({ code: 0 });
    const manifest = join(out, 'manifest.json');
    expect(JSON.parse(trained.out)).toMatchObject({ pairs: 18, manifest, loss: expect.any(Number) as number });

    const chosen = { MODELS_MANIFEST: manifest, MODELS_CONTRACT: 'siamese', MODELS_CACHE: models.cacheDir };
    const measured = JSON.parse((await facelane(['eval', 'lfw', people, '--json'], chosen)).out) as {
      contract: string;
      comparer: { accuracy: number; pairs: number };
    };
    // The vectors are those of the contract that it was made for.
    expect(measured.contract).toBe(models.contract.id);
    expect(measured.comparer).toMatchObject({ pairs: 18 });
    expect(measured.comparer.accuracy).toBeGreaterThan(0.8);
    const photo = (person: number, number: number): string =>
      join(people, personName(person), `${personName(person)}_000${number}.jpg`);
    const verify = async (a: string, b: string): Promise<number> =>
      (JSON.parse((await facelane(['verify', a, b, '--json'], chosen)).out) as { probability: number }).probability;
    expect(await verify(photo(0, 1), photo(0, 2))).toBeGreaterThan(await verify(photo(0, 1), photo(5, 1)));
  }, 180_000);

  it('refuses a list that names a missing photo, one that is none, and too few pairs', async () => {
    const missing = join(home, 'missing.csv');
    await writePhoto(missing, Buffer.from('nobody.jpg,nowhere.jpg,1\n'));
    expect(await facelane(['models', 'train', 'siamese', missing])).toMatchObject({
      code: 2,
      err: expect.stringContaining('nobody.jpg and 1 more photos, which cannot be read') as string,
    });
    await writePhoto(missing, Buffer.from('a.jpg,b.jpg,perhaps\n'));
    expect(await facelane(['models', 'train', 'siamese', missing])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Line 1 of') as string,
    });
    const few = join(people, 'few.csv');
    const [one, other] = [1, 2].map((number) => `${personName(0)}/${personName(0)}_000${number}.jpg`);
    await writePhoto(few, Buffer.from(`${one},${other},1\n`));
    expect(await facelane(['models', 'train', 'siamese', few])).toMatchObject({
      code: 2,
      err: expect.stringContaining('found 1 and 0') as string,
    });
  }, 60_000);
});
