// The generated parts of libs/client, from the descriptions of the API and of the events.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';

// The generator copies its fetch client as it is; that code is not written for exactOptionalPropertyTypes.
const UNCHECKED = '// @ts-nocheck: comes with the generator and is type-checked there';

const TYPES = ['@hey-api/typescript'];
const CALLS = [{ name: '@hey-api/sdk', client: false, responseStyle: 'data' }, '@hey-api/client-fetch'];

/** What calls the API: relative path → text. */
export const renderClient = (description) => generate(description, [...TYPES, ...CALLS]);

/**
 * Types of events, from their JSON Schemas by name: one of each, and FacelaneEvent of them all. OpenAPI holds the schemas
 * because the generator reads nothing else.
 */
export async function renderEventTypes(schemas) {
  const union = { oneOf: Object.keys(schemas).map((name) => ({ $ref: `#/components/schemas/${name}` })) };
  const description = {
    openapi: '3.1.0',
    info: { title: 'Events', version: '1' },
    paths: {},
    components: { schemas: { FacelaneEvent: { description: 'Any event; `type` tells which.', ...union }, ...schemas } },
  };
  const types = (await generate(description, TYPES)).get('types.gen.ts');
  // Where the API is, which every output tells, is no matter of events.
  return types.replace(/export type ClientOptions = \{.*?\n\};\n\n/s, '');
}

/** Generates into a folder of its own, so that files of older descriptions are not mistaken for current ones. */
async function generate(description, plugins) {
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
      plugins,
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
