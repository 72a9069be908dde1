import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireModels } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { nobody } from '../../support/bad.photos.js';
import { startProgram } from '../../support/child.program.js';
import { inviteGuests } from '../../support/guests.js';
import { writePhoto } from '../../support/photos.js';

let api: RunningApi;
let home: string;

beforeAll(async () => {
  const models = await requireModels();
  [api, home] = await Promise.all([startStandaloneApi(), mkdtemp(join(tmpdir(), 'facelane-remote-'))]);
  const { photos, portraits } = await inviteGuests(api.as(api.key), models);
  for (const [i, portrait] of portraits.entries()) {
    await writePhoto(join(home, `people/Guest ${i + 1}/1.jpg`), portrait);
  }
  await writePhoto(join(home, 'people/Guest 1/nobody.jpg'), await nobody());
  await writePhoto(join(home, 'three.jpg'), photos[3]!);
}, 120_000);
afterAll(async () => {
  await api.stop();
  await rm(home, { recursive: true, force: true });
});

/** Without models, stores or Redis of its own: only the API can have done what it says. */
async function facelane(
  args: readonly string[],
  env: object = {},
): Promise<{ code: number | string; out: string; err: string }> {
  const child = startProgram(
    'cli',
    { FACELANE_URL: api.address, FACELANE_KEY: api.key, MODELS_CACHE: join(home, 'none'), DATA_DIR: home, ...env },
    args,
  );
  return { code: await child.ended, out: child.stdout(), err: child.stderr() };
}

it('enrols, searches and verifies through a running API', async () => {
  const enrolled = await facelane(['enroll', join(home, 'people'), '--collection', 'remote']);
  expect(enrolled.out).toContain('3 people enrolled with 3 reference faces');
  expect(enrolled.out).toMatch(/not taken: .*nobody\.jpg: no face was found/);
  expect(enrolled.code).toBe(1);
  // Again is no mistake: people are known by the names of their folders.
  expect((await facelane(['enroll', join(home, 'people'), '--collection', 'remote'])).out).toContain(
    '3 people enrolled',
  );

  const search = await facelane(['search', join(home, 'three.jpg'), '--collection', 'remote', '--json']);
  const { faces } = JSON.parse(search.out) as { faces: { decision: string; candidates: { name: string }[] }[] };
  expect(faces.filter(({ decision }) => decision === 'match').map(({ candidates }) => candidates[0]?.name)).toEqual([
    'Guest 3',
  ]);
  const [left, right] = ['Guest 1', 'Guest 2'].map((name) => join(home, `people/${name}/1.jpg`));
  expect((await facelane(['verify', left!, left!])).out).toContain('Same person');
  expect((await facelane(['verify', left!, right!])).out).toContain('Not the same person');
});

it.each(['verify', 'enroll'])('%s leaves bars to the collections of the API', async (command) => {
  const args = command === 'enroll' ? [join(home, 'people')] : [join(home, 'three.jpg'), join(home, 'three.jpg')];
  const refused = await facelane([command, ...args, '--bars', 'bars.json']);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toMatch(/^--bars is for what is worked on here; .*\nSet them there, PATCH /);
});

it.each([
  ['a key that is none', { FACELANE_KEY: 'nonsense' }, 2, 'API.KEY_INVALID'],
  ['no key', { FACELANE_KEY: '' }, 2, 'FACELANE_KEY'],
  ['nobody at the address', { FACELANE_URL: 'http://127.0.0.1:9' }, 3, 'FACELANE_URL'],
])('says in two sentences that there is %s', async (_what, env, code, named) => {
  const failed = await facelane(['search', join(home, 'three.jpg')], env);
  expect(failed.code).toBe(code);
  expect(failed.err).toContain(named);
  expect(failed.err.trim().split('\n')).toHaveLength(2);
});
