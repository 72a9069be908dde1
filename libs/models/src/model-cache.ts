import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelFile } from './manifest.schema.js';
import { parseSource, type Source } from './sources/source.js';

const STAGING_PREFIX = '.incoming-';
/** A staging folder this old was left by a process that was killed. */
const STAGING_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** Path of a file in the cache. The digest is part of the name, so a new version never overwrites one in use. */
export function cachedPath(cacheDir: string, file: ModelFile): string {
  return join(cacheDir, `${file.id}-${file.sha256.slice(0, 8)}${extensionOf(parseSource(file.source))}`);
}

function extensionOf(source: Source): string {
  switch (source.kind) {
    case 'web':
      return extname(new URL(source.url).pathname);
    case 'npm':
    case 'file':
      return extname(source.path);
    case 'build':
      return '.onnx';
  }
}

/** Lower-case hex SHA-256 of a file, read in pieces. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Gives `work` a private folder inside the cache (the same file system, so that a rename out of it is atomic) and
 * removes it afterwards. Also removes folders that killed processes left behind.
 */
export async function withStaging<T>(cacheDir: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(cacheDir, { recursive: true });
  await removeAbandoned(cacheDir);
  const folder = join(cacheDir, `${STAGING_PREFIX}${randomUUID()}`);
  await mkdir(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Moves a verified file into the cache. Two processes may do so at once: both bring the same bytes. */
export async function adopt(staged: string, target: string): Promise<void> {
  await rename(staged, target);
}

async function removeAbandoned(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => name.startsWith(STAGING_PREFIX));
  for (const name of names) {
    const path = join(cacheDir, name);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - modified > STAGING_LIFETIME_MS) await rm(path, { recursive: true, force: true });
  }
}
