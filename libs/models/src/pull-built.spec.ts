import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFile, loadManifest } from './manifest.loader.js';
import type { ModelFile, ModelManifest } from './manifest.schema.js';
import { verifyModels } from './model-files.js';
import { pullModels, type PullProgress } from './pull-models.js';
import { ingredientsOf } from './recipes/ingredients.fixture.js';

const shipped = await loadManifest();
const ingredients = await ingredientsOf('mtcnn-proposal');
let folder: string;
let cacheDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-built-'));
  cacheDir = join(folder, 'cache');
  for (const [name, bytes] of Object.entries(ingredients)) await writeFile(join(folder, name), bytes);
});

afterEach(() => rm(folder, { recursive: true }));

/** A network of the shipped manifest whose ingredients lie in the test's folder, or where `origin` says. */
function built(id: string, change: Partial<ModelFile> = {}, origin = 'file:'): ModelFile {
  const file = findFile(shipped, id);
  const from = Object.fromEntries(
    Object.entries(file.from!).map(([name, part]) => [name, { ...part, source: `${origin}${name}` }]),
  );
  return { ...file, from, ...change } as ModelFile;
}

const manifestOf = (...files: ModelFile[]): ModelManifest => ({ version: 1, files, contracts: {}, directory: folder });
const inCache = async (): Promise<string[]> => (await readdir(cacheDir)).sort();

describe('pulling a file that is built', () => {
  it('fetches what it is made of, makes it, checks it and keeps only it', async () => {
    const progress: PullProgress[] = [];
    const manifest = manifestOf(built('mtcnn-proposal'));
    const onProgress = (state: PullProgress): unknown => progress.push(state);
    await pullModels(manifest, ['mtcnn-proposal'], { cacheDir, onProgress });
    expect(await verifyModels(manifest, cacheDir)).toMatchObject([{ state: 'intact' }]);
    expect(await inCache()).toEqual(['mtcnn-proposal-1518b1bc.onnx']);
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['downloading', 'building', 'done']);
    const total = Object.values(ingredients).reduce((sum, { length }) => sum + length, 0);
    const arrived = progress.findLast(({ phase }) => phase === 'downloading');
    expect(arrived).toMatchObject({ receivedBytes: total, totalBytes: total });
    await pullModels(manifest, ['mtcnn-proposal'], { cacheDir, onProgress });
    expect(progress.at(-1)?.phase).toBe('cached');
  });

  it('fetches ingredients once for all that is made of them', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!.slice(1));
      response.end(ingredients[request.url!.slice(1)]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const ids = ['mtcnn-proposal', 'mtcnn-refinement', 'mtcnn-output'];
    const manifest = manifestOf(...ids.map((id) => built(id, {}, origin)));
    await pullModels(manifest, ids, { cacheDir });
    await new Promise((resolve) => server.close(resolve));
    expect(asked.sort()).toEqual(['manifest', 'weights']);
    expect((await verifyModels(manifest, cacheDir)).map(({ state }) => state)).toEqual(['intact', 'intact', 'intact']);
  });

  it('refuses one that came out otherwise than the manifest states, and keeps nothing', async () => {
    const manifest = manifestOf(built('mtcnn-proposal', { sha256: '0'.repeat(64) }));
    await expect(pullModels(manifest, ['mtcnn-proposal'], { cacheDir })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^mtcnn-proposal was built \(build:mtcnn-proposal\) and refused: its SHA-256 is 1518b1bc/,
      ) as string,
      remedy: expect.stringContaining('manifest that came with the program') as string,
    });
    expect(await inCache()).toEqual([]);
  });

  it('refuses an ingredient with another digest before anything is made of it', async () => {
    await writeFile(join(folder, 'weights'), Buffer.alloc(ingredients['weights']!.length));
    const pull = pullModels(manifestOf(built('mtcnn-proposal')), ['mtcnn-proposal'], { cacheDir });
    await expect(pull).rejects.toThrow(/^mtcnn-proposal\.weights from file:weights was refused/);
    expect(await inCache()).toEqual([]);
  });

  it('says so when the ingredients are not what the recipe knows', async () => {
    const manifest = manifestOf(built('mtcnn-proposal', { source: 'build:face-api-resnet' }));
    await expect(pullModels(manifest, ['mtcnn-proposal'], { cacheDir })).rejects.toThrow(
      'mtcnn-proposal cannot be built (build:face-api-resnet): There is no tensor conv32_down/scale/weights',
    );
  });

  it('asks for its licence first', async () => {
    const licence = { spdx: 'LicenseRef-Research', provenance: 'research only', permissive: false };
    const manifest = manifestOf(built('mtcnn-proposal', { licence }));
    await expect(pullModels(manifest, ['mtcnn-proposal'], { cacheDir })).rejects.toThrow('research only');
    await pullModels(manifest, ['mtcnn-proposal'], { cacheDir, acceptLicences: ['mtcnn-proposal'] });
  });
});

describe('two files with one source', () => {
  const two = (): [ModelFile, ModelFile] => {
    const { from, ...file } = built('mtcnn-proposal');
    const plain = { ...file, ...from!['manifest'] } as ModelFile;
    return [plain, { ...plain, id: 'the-same' }];
  };

  it('are fetched once and are both there', async () => {
    const manifest = manifestOf(...two());
    const paths = await pullModels(manifest, ['mtcnn-proposal', 'the-same'], { cacheDir });
    for (const path of paths.values()) expect(await readFile(path)).toEqual(ingredients['manifest']);
  });

  it('are refused when they state two digests', async () => {
    const [plain, same] = two();
    const manifest = manifestOf({ ...plain, sha256: 'f'.repeat(64) }, same);
    await expect(pullModels(manifest, ['mtcnn-proposal', 'the-same'], { cacheDir })).rejects.toThrow('was refused');
  });
});
