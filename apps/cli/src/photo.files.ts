import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { PHOTO_EXTENSIONS, UsageError } from '@facelane/contracts';

/**
 * What is taken for a photo in a folder; a file named by itself is taken whatever its name. Photos of phones are not
 * read yet, and taken so that each is said to be none that can be read.
 */
const EXTENSIONS = new Set<string>([...PHOTO_EXTENSIONS, '.heic', '.heif']);

/**
 * Absolute paths of the photos in files and folders, folders searched to the bottom, each once, in name order. Links to photos are
 * followed; links to folders only where they are named, so that no link leads in a circle.
 */
export async function findPhotos(paths: readonly string[]): Promise<string[]> {
  const found = (await Promise.all(paths.map((path) => photosAt(resolve(path))))).flat();
  return [...new Set(found)].sort();
}

/** Reference photos by person: `<dir>/<name>/*.jpg`, where `<name>` may be a link to a folder. */
export async function findPeople(directory: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = resolve(directory);
  const entries = await listDirectory(root);
  const people = new Map<string, readonly string[]>();
  for (const entry of entries.filter((item) => !item.name.startsWith('.'))) {
    if (!(await isFolder(entry))) continue;
    const photos = await photosAt(join(root, entry.name));
    if (photos.length > 0) people.set(entry.name.normalize('NFC'), photos.sort());
  }
  if (people.size === 0) {
    throw new UsageError(
      `${directory} holds no folder with photos.`,
      'Make one folder per person, named as the person, with one or more photos of them: people/<name>/photo.jpg.',
    );
  }
  return people;
}

async function photosAt(path: string): Promise<string[]> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read.`, 'Check the path and its permissions.', { cause: error });
  });
  if (!facts.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .filter(({ name }) => !name.startsWith('.') && EXTENSIONS.has(extname(name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Itself, or what a link leads to; a link that leads nowhere is none. */
async function isFolder(entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const facts = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
  return facts?.isDirectory() ?? false;
}

async function listDirectory(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw new UsageError(`${path} is not a folder that can be read.`, 'Check the path and its permissions.', {
      cause: error,
    });
  }
}
