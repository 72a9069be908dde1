import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Everything below the folder that holds one of the texts, in its name or its bytes: objects, the index with its
 * write-ahead log, and what Redis keeps on disk. UUIDs are looked for as text; nothing here stores them in another form.
 */
export async function scanStores(dataDir: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((item) => item.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(dataDir, path);
    // Gone since it was listed.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    for (const text of texts) {
      if (decodeURIComponent(name).includes(text) || bytes.includes(text)) found.push(`${text} in ${name}`);
    }
  }
  return found;
}

/** Names of all files of the object store, to compare before and after. */
export async function listObjects(dataDir: string): Promise<string[]> {
  const root = join(dataDir, 'objects');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
