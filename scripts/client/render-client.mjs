// The generated part of libs/client, from the description of the API: relative path → text.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';

// The generator copies its fetch client as it is; that code is not written for exactOptionalPropertyTypes.
const UNCHECKED = '// @ts-nocheck: comes with the generator and is type-checked there';

/** Generates into a folder of its own, so that files of older descriptions are not mistaken for current ones. */
export async function renderClient(description) {
  const folder = await mkdtemp(join(tmpdir(), 'facelane-client-'));
  try {
    await createClient({
      // A copy: the generator writes into it.
      input: JSON.parse(JSON.stringify(description)),
      output: {
        path: folder,
        // Nothing of the machine may decide how the files look.
        tsConfigPath: null,
        module: { extension: '.js' },
        entryFile: false,
        // Only files written from the description are named.
        header: ({ defaultValue, file }) => (file === undefined ? [...defaultValue, UNCHECKED] : [...defaultValue]),
      },
      logs: { level: 'silent', file: false },
      plugins: [
        '@hey-api/typescript',
        { name: '@hey-api/sdk', client: false, responseStyle: 'data' },
        '@hey-api/client-fetch',
      ],
    });
    return await readTree(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every file below the folder; empty when there is no such folder. */
export async function readTree(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const named = paths.map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path, 'utf8')]);
  return new Map((await Promise.all(named)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
