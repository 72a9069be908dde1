import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '@facelane/contracts';
import { modelManifestSchema, type ModelContract, type ModelFile, type ModelManifest } from './manifest.schema.js';

/** `models/` of this repository, seen from the source tree and from `dist/` alike. */
export function defaultModelsDirectory(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'models');
    if (existsSync(join(candidate, 'manifest.json'))) return candidate;
  }
  throw new UsageError('models/manifest.json was not found above the program.', 'Name the manifest explicitly.');
}

/** @throws UsageError when the file cannot be read or is not a manifest; names the file and every wrong field. */
export async function loadManifest(path = join(defaultModelsDirectory(), 'manifest.json')): Promise<ModelManifest> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`The model manifest ${path} cannot be read.`, 'Check the path and its permissions.', {
      cause: error,
    });
  });
  const parsed = modelManifestSchema.safeParse(parseJson(text, path));
  if (!parsed.success) {
    throw new UsageError(
      `The model manifest ${path} is not valid:\n${z.prettifyError(parsed.error)}`,
      'Correct the fields named above; models/README.md describes them.',
    );
  }
  return { ...parsed.data, directory: dirname(resolve(path)) };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The model manifest ${path} is not JSON.`, 'Correct it, or restore it from git.', {
      cause: error,
    });
  }
}

/** @throws UsageError that lists the known ids. */
export function findFile(manifest: ModelManifest, id: string): ModelFile {
  const file = manifest.files.find((candidate) => candidate.id === id);
  if (file !== undefined) return file;
  const known = manifest.files.map((candidate) => candidate.id).join(', ');
  throw new UsageError(`There is no model file "${id}".`, `Choose one of: ${known}.`);
}

/** @throws UsageError that lists the known names. */
export function findContract(manifest: ModelManifest, name = 'default'): ModelContract {
  const contract = manifest.contracts[name];
  if (contract !== undefined) return contract;
  const known = Object.keys(manifest.contracts).join(', ');
  throw new UsageError(`There is no model contract "${name}".`, `Choose one of: ${known}.`);
}
