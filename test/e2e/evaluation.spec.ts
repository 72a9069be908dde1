import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FsObjectStore } from '@facelane/object-store';
import { keys } from '@facelane/contracts';
import { requireModels, startRedis, type TestModels, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobody } from '../support/bad.photos.js';
import { startProgram } from '../support/child.program.js';
import { FOLDER_PEOPLE, personName, writeLabelledFolder } from '../support/labelled.folder.js';
import { writePhoto } from '../support/photos.js';
import { requireWhole } from '../support/whole.page.js';

let models: TestModels;
let redis: TestRedis;
let home: string;
let people: string;

beforeAll(async () => {
  [models, redis, home] = await Promise.all([
    requireModels(),
    startRedis(),
    mkdtemp(join(tmpdir(), 'facelane-evaluation-')),
  ]);
  people = join(home, 'people');
  await writeLabelledFolder(models, people);
}, 120_000);
afterAll(async () => {
  await redis.stop();
  await rm(home, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

async function facelane(...args: string[]): Promise<Ran> {
  const env = { HOME: home, DATA_DIR: join(home, 'data'), REDIS_URL: redis.url, REDIS_PREFIX: 'evaluation' };
  const child = startProgram('cli', { ...env, INFERENCE_THREADS: '1' }, args);
  return { code: await child.ended, out: child.stdout(), err: child.stderr() };
}

const written = (...path: string[]): Promise<string> => readFile(join(home, ...path), 'utf8');

describe('facelane eval lfw', () => {
  it('follows the protocol, compares all pairs, and writes JSON, a page and a row', async () => {
    const ran = await facelane('eval', 'lfw', people, '--out', join(home, 'lfw'));
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toMatch(/^accuracy {3}\d+\.\d\d % {2}\(LFW view 1, 18 pairs of \d+ photos\)/);
    const json = JSON.parse(await written('lfw', 'lfw.json')) as Record<string, unknown>;
    const { photos, allPairs } = json as { photos: number; allPairs: Record<string, unknown> };
    expect(json['protocol']).toBe('development-view');
    expect(allPairs).toMatchObject({ photos, photosWithoutFace: 0, unstated: [1e-3, 1e-4] });
    const [{ tar }] = allPairs['points'] as [{ tar: number }];
    const discard = json['discard'] as { limit: number; faces: number; steps: { share: number; fnmr: number }[] };
    expect(discard).toMatchObject({ limit: 1e-2, faces: photos });
    expect(discard.steps.map(({ share }) => share)).toEqual([0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3]);
    expect(discard.steps[0]!.fnmr).toBeCloseTo(1 - tar, 12);
    expect(ran.out).toMatch(/FNMR {7}\d+\.\d\d % at FMR 1e-2 without the 5 % of utility below \d+\.\d, /);
    const page = await written('lfw', 'lfw.html');
    requireWhole(page);
    for (const chart of ['ROC', 'Scores of pairs', 'Error versus discard'])
      expect(page.includes(`<figcaption>${chart}`)).toBe(true);
    expect(await written('lfw', 'lfw.md')).toMatch(/\| `mobilefacenet-512-\w+` \| \d+\.\d\d % \|/);
  });

  it('names a photo of the lists that is not there', async () => {
    const copy = join(home, 'missing');
    await cp(people, copy, { recursive: true });
    await rm(join(copy, personName(3), `${personName(3)}_0002.jpg`));
    const ran = await facelane('eval', 'lfw', copy);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(/name Person_03\/Person_03_0002\.jpg, which cannot be read\.\nUnpack all photos/);
  });
});

describe('facelane eval identify', () => {
  it('finds people first, and says which rates too few strangers bear', async () => {
    const ran = await facelane('eval', 'identify', people, '--out', join(home, 'identify'), '--json');
    expect(ran).toMatchObject({ code: 0, err: '' });
    const report = JSON.parse(ran.out) as Record<string, number>;
    const { enrolledPeople, matedSearches, strangerPeople, strangerSearches } = report;
    expect(enrolledPeople! + strangerPeople!).toBe(FOLDER_PEOPLE);
    expect([matedSearches, strangerSearches]).toEqual([enrolledPeople, 2 * strangerPeople!]);
    expect(report['rank1']).toBeGreaterThan(0.8);
    requireWhole(await written('identify', 'identify.html'));
    const { split } = JSON.parse(await written('identify', 'identify.json')) as { split: { gallery: unknown[] } };
    expect(split.gallery).toHaveLength(enrolledPeople!);
    expect((await facelane('eval', 'identify', people)).out).toContain('not stated: FPIR 1e-2');
  });
});

describe('facelane calibrate', () => {
  it('gives a threshold, the pairs to look at, and the patch, and sets it', async () => {
    // A collection is made when it is asked for.
    const portrait = join(people, personName(0), `${personName(0)}_0001.jpg`);
    expect(await facelane('search', portrait, '--collection', 'mine')).toMatchObject({ code: 0 });
    const args = ['calibrate', people, '--fmr', '0.05', '--out', join(home, 'cal'), '--apply', 'mine', '--json'];
    const ran = await facelane(...args);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const { patch, confusable, match, applied } = JSON.parse(ran.out) as {
      patch: { thresholds: { match: { cosine: number }; review: { cosine: number } } };
      confusable: Record<'genuine' | 'impostor', { first: { path: string }; cosine: number }[]>;
      match: Record<string, number>;
      applied: string;
    };
    expect(applied).toBe('mine');
    expect(patch.thresholds.match.cosine).toBeCloseTo(match['threshold']!, 5);
    expect(patch.thresholds.review.cosine).toBeLessThan(patch.thresholds.match.cosine);
    // The man who is in two of the sample photos has two folders.
    expect(confusable.impostor[0]!.cosine).toBeGreaterThan(0.6);
    const page = await written('cal', 'calibration.html');
    requireWhole(page);
    expect(page.match(/<img src="data:image\/jpeg/g)!.length).toBe(2 * (confusable.impostor.length + confusable.genuine.length)); // prettier-ignore

    const store = new FsObjectStore({ root: join(home, 'data', 'objects'), bucket: 'facelane', fsync: false });
    const { body } = await store.get(keys.collection('default', 'mine'));
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
      thresholds: { match: { ...patch.thresholds.match, fmr: 0.05 }, review: { ...patch.thresholds.review, fmr: 0.5 } },
    });
  });

  it('tells photos that cannot be read, and counts them as failures', async () => {
    const copy = join(home, 'broken');
    await cp(people, copy, { recursive: true });
    await writePhoto(join(copy, personName(1), 'broken.jpg'), 'no picture');
    await writePhoto(join(copy, personName(1), 'nobody.jpg'), await nobody());
    const ran = await facelane('calibrate', copy, '--fmr', '0.05');
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/1 photos could not be read .*\n {2}Person_01\/broken\.jpg: /);
    expect(ran.out).toContain(`${2 * FOLDER_PEOPLE + 2} of ${FOLDER_PEOPLE} people; 2 without a face`);
    expect(ran.out).toContain('{"thresholds":{"match":{"cosine":');
  });
});

describe('bad input', () => {
  const one = (name: string) => async (folder: string) => {
    await cp(join(people, personName(0)), join(folder, name), { recursive: true });
  };
  const faceless = async (folder: string): Promise<void> => {
    for (const name of ['Ada', 'Bob']) {
      for (const number of [1, 2]) await writePhoto(join(folder, name, `${number}.jpg`), await nobody());
    }
  };
  const single = async (folder: string): Promise<void> => {
    for (const number of [0, 1, 2]) {
      const name = personName(number);
      await cp(join(people, name, `${name}_0001.jpg`), join(folder, name, '1.jpg'));
    }
  };
  const nothing = (): Promise<void> => Promise.resolve();

  it.each<[string, string[], (folder: string) => Promise<void>, string, string]>([
    ['no such folder, lfw', ['eval', 'lfw'], nothing, 'is not a folder', 'Name the folder'],
    ['no such folder, identify', ['eval', 'identify'], nothing, 'is not a folder', 'Check the path'],
    ['no such folder, calibrate', ['calibrate'], nothing, 'is not a folder', 'Check the path'],
    ['no lists', ['eval', 'lfw'], single, 'neither pairs.txt nor', 'pair lists'],
    ['one person, identify', ['eval', 'identify'], one('Ada'), 'nobody to take him for', 'other people'],
    ['one person, calibrate', ['calibrate'], one('Ada'), 'of one person, Ada', 'other people'],
    ['one photo each, identify', ['eval', 'identify'], single, 'has one photo', 'second photo'],
    ['one photo each, calibrate', ['calibrate'], single, 'two photos with a face', 'more photos'],
    ['no face, identify', ['eval', 'identify'], faceless, 'No face was found in any of', 'upright'],
    ['no face, calibrate', ['calibrate'], faceless, 'No face was found in any of the 4 photos', 'upright'],
    ['no rate', ['calibrate', '--fmr', 'low'], single, '--fmr low is no rate', 'such as 1e-4'],
    ['a rate too high', ['calibrate', '--fmr', '0.1'], single, '--fmr 0.1 is no rate', 'below 0.1'],
    ['no collection', ['calibrate', '--apply', 'none'], single, 'no collection none', 'facelane enroll'],
  ])('%s', async (what, args, prepare, message, remedy) => {
    const folder = join(home, 'bad', what);
    await prepare(folder);
    const ran = await facelane(...args, folder);
    expect(ran).toMatchObject({ code: 2, out: '' });
    const [happened = '', mend = ''] = ran.err.trim().split('\n').slice(-2);
    expect(happened).toContain(message);
    expect(mend).toContain(remedy);
  });

  it('too few pairs for the rate', async () => {
    const ran = await facelane('calibrate', people);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('needs 300000 pairs of two people');
    expect(ran.err).toContain('ask for --fmr 0.04');
  });
});
