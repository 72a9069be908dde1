import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareKeys } from '../../object-key.js';
import type { BucketFolders } from './bucket.folders.js';
import { errnoOf } from './fs.errors.js';
import { decodeSegment, folderPath, parseEntry } from './key.path.js';

export interface ListedFile {
  readonly key: string;
  readonly path: string;
}

interface Entry {
  /** The key of an object, or the prefix, with its slash, that a folder's keys share. */
  readonly key: string;
  readonly path: string;
  readonly isFolder: boolean;
}

export interface Range {
  readonly prefix: string;
  readonly startAfter: string;
}

/** Files whose facts are read at a time. */
const PAGE = 32;

/** The same as `listFiles`, some files at a time. */
export async function* listPages(
  folders: BucketFolders,
  bucketPath: string,
  range: Range,
): AsyncGenerator<readonly ListedFile[]> {
  let page: ListedFile[] = [];
  for await (const file of listFiles(folders, bucketPath, range)) {
    page.push(file);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/**
 * The objects below a prefix in key order, one folder in memory at a time. Sorting a folder's `a/` among its objects
 * puts every key below it in its place, because nothing else in the folder starts with `a/`.
 */
async function* listFiles(folders: BucketFolders, bucketPath: string, range: Range): AsyncGenerator<ListedFile> {
  const base = range.prefix.slice(0, range.prefix.lastIndexOf('/') + 1);
  yield* walk(folders, folderPath(bucketPath, base), base, range);
}

async function* walk(folders: BucketFolders, path: string, base: string, range: Range): AsyncGenerator<ListedFile> {
  await folders.assertSound(path);
  const entries = (await readEntries(path, base)).filter((entry) => mayHold(entry, range));
  entries.sort((a, b) => compareKeys(a.key, b.key));
  for (const entry of entries) {
    if (entry.isFolder) yield* walk(folders, entry.path, entry.key, range);
    else yield { key: entry.key, path: entry.path };
  }
}

function mayHold({ key, isFolder }: Entry, { prefix, startAfter }: Range): boolean {
  if (compareKeys(key, startAfter) <= 0 && !(isFolder && startAfter.startsWith(key))) return false;
  return key.startsWith(prefix) || (isFolder && prefix.startsWith(key));
}

/** `started` is the encoded start of a long segment that goes on in this folder. */
async function readEntries(path: string, base: string, started = ''): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readNames(path)) {
    const { kind, encoded } = parseEntry(name);
    if (kind === 'continued') {
      entries.push(...(await readEntries(join(path, name), base, started + encoded)));
      continue;
    }
    const segment = decodeSegment(started + encoded);
    if (segment === undefined) continue;
    const isFolder = kind === 'folder';
    entries.push({ key: `${base}${segment}${isFolder ? '/' : ''}`, path: join(path, name), isFolder });
  }
  return entries;
}

async function readNames(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    // Gone since it was seen, or a stray file of somebody else: no objects below it either way.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
