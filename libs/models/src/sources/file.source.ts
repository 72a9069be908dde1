import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { parseSource } from './source.js';
import type { Fetcher } from './fetcher.js';

/** Copies a file of this machine; a relative path starts at the manifest's folder. */
export const fetchFromFile: Fetcher = async ({ files, directory, folder, onBytes }) => {
  const file = files[0]!;
  const source = parseSource(file.source);
  if (source.kind !== 'file') throw new TypeError(`${file.source} is not a file source.`);
  const from = resolve(directory, source.path);
  const path = join(folder, file.id);
  await copyFile(from, path).catch((error: unknown) => {
    throw new UsageError(`${from} (${file.id}) cannot be read.`, 'Put the file there, or correct the manifest.', {
      cause: error,
    });
  });
  onBytes(file, file.bytes);
  return new Map([[file.source, path]]);
};
