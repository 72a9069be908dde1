import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPeople, findPhotos } from './photo.files.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'facelane-photos-'));
  for (const path of ['elsewhere/Ada/a.jpg', 'elsewhere/Ada/old/b.PNG', 'people/Bo/c.webp', 'people/Bo/notes.txt']) {
    await mkdir(join(home, path, '..'), { recursive: true });
    await writeFile(join(home, path), '');
  }
});
afterEach(() => rm(home, { recursive: true }));

const below = (paths: readonly string[]): string[] => paths.map((path) => path.slice(home.length + 1));

it('finds people in folders, also where a folder is a link', async () => {
  await symlink(join(home, 'elsewhere/Ada'), join(home, 'people/Ada'));
  await symlink(join(home, 'nowhere'), join(home, 'people/Nobody'));
  await symlink(join(home, 'elsewhere/Ada/a.jpg'), join(home, 'people/a.jpg'));
  const people = await findPeople(join(home, 'people'));
  expect([...people].map(([name, photos]) => [name, below(photos)])).toEqual([
    ['Ada', ['people/Ada/a.jpg', 'people/Ada/old/b.PNG']],
    ['Bo', ['people/Bo/c.webp']],
  ]);
});

it('finds photos that are links, and follows no link to a folder below the one that was named', async () => {
  await symlink(join(home, 'elsewhere/Ada/a.jpg'), join(home, 'people/linked.jpg'));
  await symlink(join(home, 'people'), join(home, 'people/Bo/circle'));
  expect(below(await findPhotos([join(home, 'people')]))).toEqual(['people/Bo/c.webp', 'people/linked.jpg']);
});

it('refuses a folder without people, and one that is not there', async () => {
  await expect(findPeople(join(home, 'elsewhere/Ada/old'))).rejects.toThrow('holds no folder with photos');
  await expect(findPeople(join(home, 'nowhere'))).rejects.toThrow('is not a folder that can be read');
});
