import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FsObjectStore } from '@facelane/object-store';
import { requireModels } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { nobody } from '../../support/bad.photos.js';
import { type ChildProgram, startProgram } from '../../support/child.program.js';

let api: RunningApi;
let home: string;

beforeAll(async () => {
  await requireModels();
  [api, home] = await Promise.all([
    startStandaloneApi({ API_SOURCE_BUCKETS: 'shared', BULK_WINDOW: '4' }),
    mkdtemp(join(tmpdir(), 'facelane-cli-jobs-')),
  ]);
  const store = new FsObjectStore({ root: join(api.dataDir, 'objects'), bucket: 'shared' });
  await store.put('in/a.jpg', await nobody(), { contentType: 'image/jpeg' });
}, 120_000);
afterAll(async () => {
  await api.stop();
  await rm(home, { recursive: true, force: true });
});

const start = (...args: readonly string[]): ChildProgram =>
  startProgram(
    'cli',
    { FACELANE_URL: api.address, FACELANE_KEY: api.key, MODELS_CACHE: join(home, 'none'), DATA_DIR: home },
    args,
  );

async function facelane(...args: readonly string[]): Promise<{ code: number | string; out: string; err: string }> {
  const child = start(...args);
  return { code: await child.ended, out: child.stdout(), err: child.stderr() };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(home, name), content);
  return join(home, name);
}

it('tags what is below a prefix, and shows how far it is', async () => {
  const { code, out, err } = await facelane('tag', 's3://shared/in/', '--collection', 'album');
  expect([code, out]).toEqual([0, expect.stringMatching(/^Job \S+: 1 of 1 items · 1 without a face · completed\n/)]);
  expect(out).toContain('from s3://shared/in/ into album');
  expect(out).toContain('/results.jsonl.gz');
  expect(err).toMatch(/Job \S+ is on its way\n/);
  expect(err).toMatch(/^\d+ (of \d+ )?items/m);
}, 60_000);

it.each([
  ['list.csv', 'bucket,key\nshared,in/a.jpg\nshared,in/none.jpg\n'],
  ['list.jsonl.gz', gzipSync('{"bucket":"shared","key":"in/a.jpg"}\n{"bucket":"shared","key":"in/none.jpg"}\n')],
])(
  'tags the photos of %s, which is uploaded first',
  async (name, content) => {
    const { code, out } = await facelane('tag', await file(name, content), '--collection', 'album', '--json');
    const job = JSON.parse(out) as { state: string; accounted: number; failures: unknown };
    expect(job).toMatchObject({ state: 'completed', accounted: 2, failures: { 'INGEST.SOURCE_MISSING': 1 } });
    expect(code).toBe(1);
  },
  60_000,
);

it('leaves a job at Ctrl-C, and finds it again', async () => {
  const lines = Array.from({ length: 5_000 }, (_, n) => `{"bucket":"shared","key":"absent/${n}.jpg"}\n`);
  const tagging = start('tag', await file('many.jsonl', lines.join('')), '--collection', 'album');
  await tagging.says('is on its way');
  expect(await tagging.end('SIGINT')).toBe(130);
  const [, id = ''] = /facelane jobs show (\S+) --follow/.exec(tagging.stderr()) ?? [];
  expect((await facelane('jobs', 'show', id)).out).toMatch(/ of 5000 items/);
  expect((await facelane('jobs', 'pause', id)).code).toBe(0);
  expect((await facelane('jobs', 'resume', id)).code).toBe(0);
  const following = start('jobs', 'show', id, '--follow');
  await following.says('of 5000 items');
  expect((await facelane('jobs', 'cancel', id)).code).toBe(0);
  await following.ended;
  expect(following.stdout()).toMatch(/5000 of 5000 items .*cancelled/);
  const { out } = await facelane('jobs', 'list', '--state', 'cancelled');
  expect(out).toContain(id);
  expect(await facelane('jobs', 'resume', id)).toMatchObject({
    code: 2,
    err: expect.stringContaining('API.JOB_ENDED') as string,
  });
}, 90_000);

it('says in two sentences that there is no deployment', async () => {
  const child = startProgram('cli', { DATA_DIR: home }, ['tag', 's3://shared/in/']);
  expect(await child.ended).toBe(2);
  expect(child.stderr()).toContain('FACELANE_URL');
  expect(child.stderr()).toContain('npm start');
});
