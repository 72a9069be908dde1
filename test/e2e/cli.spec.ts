import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cropJpeg } from '@facelane/imaging';
import { requireModels, samplePhoto, startRedis, type TestModels, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { manyPhotos } from '../support/many.photos.js';
import { writePhoto, writeSamples } from '../support/photos.js';

const MAIN = fileURLToPath(new URL('../../dist/apps/cli/src/main.js', import.meta.url));
const PORTRAIT = 'portrait.jpg';

interface Ran {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly ended: Promise<Ran>;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly stderr: () => string;
}

let redis: TestRedis;
let models: TestModels;
let folder: string;
let samples: string[];
let people: string;
let dataDir: string;
let env: Record<string, string>;
let runNumber = 0;

const inFolder = (...names: string[]): string => join(folder, ...names);

/** The real program as a user's shell would start it. `before` is put in front of it by the shell. */
function start(args: readonly string[], extra: Readonly<Record<string, string>> = {}, before = ''): Running {
  const command = [before, 'exec "$0" "$@"'].filter((part) => part !== '').join('; ');
  const child = spawn('/bin/sh', ['-c', command, process.execPath, MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const ended = once(child, 'close').then(([code, signal]): Ran => {
    process.off('exit', onExit);
    return { code: (code ?? signal) as number | string, stdout, stderr };
  });
  return { ended, signal: (name) => void child.kill(name), stderr: () => stderr };
}

async function run(args: readonly string[], extra?: Readonly<Record<string, string>>, before?: string): Promise<Ran> {
  const ran = await start(args, extra, before).ended;
  requirePlainWords(ran);
  return ran;
}

/** No output of the program, whatever happens, shows its inside. */
function requirePlainWords({ stdout, stderr }: Ran): void {
  expect(stdout + stderr).not.toMatch(/^\s+at .*[:(]|UnhandledPromise|unhandled|node:internal/im);
}

/** A failure's two sentences: what happened, and what to do. */
function requireTwoSentences({ stderr }: Ran): void {
  const lines = stderr.trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const line of lines.slice(-2)) expect(line).toMatch(/^\S.*[.!?]$/);
}

const json = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const processesWith = (text: string): string[] =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text));

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

beforeAll(async () => {
  [redis, models, folder] = await Promise.all([
    startRedis(),
    requireModels(),
    mkdtemp(join(tmpdir(), 'facelane-cli-')),
  ]);
  samples = await writeSamples(models, inFolder('photos'));
  people = inFolder('people');
  const portrait = await cropJpeg(await samplePhoto(models, 1), await mainFaceOfSampleOne(), 400);
  await writePhoto(join(people, 'Ada', PORTRAIT), portrait);
});

afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  runNumber += 1;
  dataDir = inFolder(`data-${runNumber}`);
  env = { DATA_DIR: dataDir, REDIS_URL: redis.url, REDIS_PREFIX: `cli-${runNumber}`, INFERENCE_THREADS: '1' };
});

/** From the program's own search, so that no box is written down here: the rightmost face, with room around it. */
async function mainFaceOfSampleOne(): Promise<{ x: number; y: number; width: number; height: number }> {
  env = { DATA_DIR: inFolder('data-0'), REDIS_URL: redis.url, REDIS_PREFIX: 'cli-0' };
  const { stdout } = await run(['search', samples[0]!, '--json']);
  const { faces } = JSON.parse(stdout) as { faces: { box: { x: number; y: number; width: number; height: number } }[] };
  const box = faces.map((face) => face.box).sort((a, b) => b.x - a.x)[0]!;
  const side = 2 * Math.max(box.width, box.height);
  return {
    x: box.x + (box.width - side) / 2,
    y: box.y + (box.height - side) / 2,
    width: side,
    height: side,
  };
}

describe('facelane tag', () => {
  it('prints JSON lines, draws, and writes one self-contained page', async () => {
    const out = inFolder('out');
    const report = inFolder('report.html');
    const args = ['tag', 'photos', '--people', 'people', '--annotate', out, '--report', report, '--json'];
    const ran = await run(args);
    expect(ran).toMatchObject({ code: 0, stderr: '' });

    const lines = json(ran.stdout);
    const photos = lines.filter(({ type }) => type === 'photo');
    expect(photos.map(({ file }) => file)).toEqual(samples.map((_, i) => `sample-${i + 1}.jpg`));
    expect(lines.at(-1)).toMatchObject({ type: 'summary', photos: 6, faces: 22, recognised: 2, failed: 0 });

    const drawn = await readdir(out);
    expect(drawn.toSorted()).toEqual(samples.map((_, i) => `sample-${i + 1}.jpg`));
    for (const name of drawn) expect([...(await readFile(join(out, name))).subarray(0, 2)]).toEqual([0xff, 0xd8]);
    const page = await readFile(report, 'utf8');
    expect(page).toContain('Ada');
    expect(page).toMatch(/<\/html>\s*$/);
    expect(page.match(/(?:src|href)="(?!data:|#)[^"]*"/g)).toBeNull();
    expect(page).not.toMatch(/url\((?!["']?data:)|@import/);

    const again = await run(['search', samples[2]!, '--json']);
    const { faces } = JSON.parse(again.stdout) as { faces: { decision: string; candidates: { name: string }[] }[] };
    const matched = faces.filter(({ decision }) => decision === 'match');
    expect(matched.map(({ candidates }) => candidates[0]?.name)).toEqual(['Ada']);
  });

  it('ends with 1 when a photo failed, names it, and tags the others', async () => {
    const mixed = inFolder('mixed');
    await writePhoto(join(mixed, 'good.jpg'), await readFile(samples[1]!));
    await writePhoto(join(mixed, 'broken.jpg'), 'no photo at all');
    const ran = await run(['tag', 'mixed']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/good\.jpg +3/);
    expect(ran.stdout.replace(/\s+/g, ' ')).toMatch(/broken\.jpg – failed: INGEST\.NOT_AN_IMAGE/);
  });
});

describe('facelane enroll, verify, status', () => {
  it('enrols the people of a folder', async () => {
    const ran = await run(['enroll', 'people', '--json']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ photos: [{ person: 'Ada', outcome: 'accepted' }] });
  });

  it('compares two photos without a Redis', async () => {
    const portrait = join(people, 'Ada', PORTRAIT);
    const ran = await run(['verify', portrait, portrait, '--json'], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ decision: 'match' });
  });

  const writeBars = (): Promise<void> =>
    writeFile(inFolder('bars.json'), JSON.stringify({ enrol: { minUtility: 100 }, match: { minSide: 5000 } }));

  it('decides nothing by faces below the bars of a file', async () => {
    await writeBars();
    const portrait = join(people, 'Ada', PORTRAIT);
    const verified = await run(['verify', portrait, portrait, '--bars', 'bars.json', '--json']);
    const withheld = { from: 'match', reasons: [{ reason: 'too_small', bar: 5000 }] };
    expect(JSON.parse(verified.stdout)).toMatchObject({ decision: 'none', withheld: [withheld, withheld] });
    const told = await run(['verify', portrait, portrait, '--bars', 'bars.json']);
    expect(told.stdout).toMatch(/^Not decided, score 1\.00: in .*portrait\.jpg the face is \d+ pixels wide, 5000 are/);
  });

  it('gives a collection the bars of a file', async () => {
    await writeBars();
    const enrolled = await run(['enroll', 'people', '--bars', 'bars.json']);
    expect(enrolled.code).toBe(1);
    expect(enrolled.stdout).toMatch(/not taken: .*portrait\.jpg: the face is hard to recognise: utility \d+ of 100/);
    // The collection keeps them, until others are given.
    const tagged = async (...more: string[]): Promise<unknown> =>
      json((await run(['tag', samples[0]!, '--json', ...more])).stdout).at(-1);
    expect(await tagged()).toMatchObject({ faces: 3, withheld: 3, unknown: 0 });
    await writeFile(inFolder('none.json'), '{}');
    expect(await tagged('--bars', 'none.json')).toMatchObject({ faces: 3, withheld: 0, unknown: 3 });
    expect(await tagged('--bars', 'bars.json')).toMatchObject({ faces: 3, withheld: 3, unknown: 0 });
  });

  it.each(['verify', 'enroll', 'tag'])('%s names the bar that is none', async (command) => {
    await writeFile(inFolder('wrong.json'), JSON.stringify({ match: { minSize: 30 } }));
    const args = command === 'enroll' ? ['people'] : [samples[0]!, ...(command === 'verify' ? [samples[0]!] : [])];
    const ran = await run([command, ...args, '--bars', 'wrong.json']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('wrong.json holds no bars of quality: match.minSize is unknown.');
    requireTwoSentences(ran);
  });

  it('shows what is on the belt', async () => {
    const ran = await run(['status', '--json']);
    expect(ran.code).toBe(0);
    const { stages } = JSON.parse(ran.stdout) as { stages: { stage: string; dead: number }[] };
    expect(stages.map(({ stage }) => stage)).toEqual([
      ...['ingest', 'detect', 'embed', 'match', 'probe', 'rebind', 'delivery'],
    ]);
  });
});

describe('a wrong command line ends with 2', () => {
  it.each([
    ['an unknown command', ['tagg', 'photos'], /unknown command/],
    ['a missing folder', ['tag', 'no-such-folder'], /no-such-folder cannot be read/],
    ['a folder without photos', ['tag', 'people/Ada/..', '--people', 'photos'], /photos holds no folder with photos/],
    ['an unknown flag', ['tag', 'photos', '--colour'], /unknown option/],
    ['a missing photo', ['verify', 'gone.jpg', 'gone.jpg'], /gone\.jpg cannot be read/],
  ])('%s', async (_, args, message) => {
    const ran = await run(args);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });

  it('a wrong setting', async () => {
    const ran = await run(['status'], { INFERENCE_DEVICE: 'abacus' });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('INFERENCE_DEVICE');
  });
});

describe('surroundings that are not as needed end with 3', () => {
  it('a Redis that does not answer', async () => {
    const ran = await run(['tag', 'photos'], { REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('127.0.0.1:1');
    expect(ran.stderr).not.toContain('secret');
    requireTwoSentences(ran);
  });

  it('a port that something else uses', async () => {
    const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    const ran = await run(['status'], { REDIS_URL: `redis://127.0.0.1:${port}` });
    server.close();
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain(`127.0.0.1:${port}`);
    requireTwoSentences(ran);
  });

  it('a disk that is full', async () => {
    // No file of this process may grow past 64 KiB: what a full disk does to a write, without filling one.
    const ran = await run(['tag', 'photos'], {}, 'trap "" XFSZ; ulimit -f 128');
    expect(ran.code).toBe(3);
    requireTwoSentences(ran);
  });
});

describe('damaged model files', () => {
  it('are named by models verify, and never run when they cannot be replaced', async () => {
    const cache = inFolder('models');
    await mkdir(cache);
    // Bytes, not links: the cache itself, which may be a link, must stay whole.
    await cp(await realpath(models.cacheDir), cache, { recursive: true });
    const name = (await readdir(cache)).find((file) => file.startsWith('mobilefacenet'))!;
    const bytes = await readFile(join(cache, name));
    bytes[1000]! ^= 0xff;
    await writeFile(join(cache, name), bytes);

    const verified = await run(['models', 'verify'], { MODELS_CACHE: cache });
    expect(verified.code).not.toBe(0);
    expect(verified.stdout).toMatch(/DAMAGED\s+mobilefacenet-512/);

    const npm = { npm_config_registry: 'http://127.0.0.1:1/', NPM_CONFIG_REGISTRY: 'http://127.0.0.1:1/' };
    const tagged = await run(['tag', 'photos'], { MODELS_CACHE: cache, npm_config_fetch_retries: '0', ...npm });
    expect(tagged.code).toBe(3);
    requireTwoSentences(tagged);
  });
});

describe('Ctrl-C in the middle of a run', () => {
  it('leaves nothing half-written and nothing running, and the next run completes', async () => {
    const photos = await manyPhotos(models, 50, inFolder('many'));
    const out = inFolder('drawn');
    // Its own Redis, so that one left behind would be seen.
    const own = { REDIS_URL: '', REDIS_PREFIX: 'facelane', QUEUE_CONCURRENCY_DETECT: '1' };
    const args = ['tag', ...photos, '--annotate', out];
    const first = start(args, own);
    const results = join(dataDir, 'objects');
    await vi.waitFor(
      async () => {
        const written = (await filesBelow(results).catch(() => [])).filter((path) => path.includes('/results/'));
        expect(written.length, first.stderr()).toBeGreaterThan(3);
      },
      { timeout: 30_000, interval: 50 },
    );
    first.signal('SIGINT');
    const interrupted = await first.ended;
    requirePlainWords(interrupted);
    expect(interrupted.code).toBe(130);
    expect(processesWith(dataDir)).toEqual([]);
    expect((await filesBelow(folder)).filter((path) => /\.partial|\.tmp$/.test(path))).toEqual([]);

    const second = await run([...args, '--json'], own);
    expect(second.code).toBe(0);
    expect(json(second.stdout).at(-1)).toMatchObject({ type: 'summary', photos: photos.length, failed: 0 });
    expect(await filesBelow(out)).toHaveLength(photos.length);
    expect(processesWith(dataDir)).toEqual([]);
  });
});
