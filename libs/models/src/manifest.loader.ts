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

export interface ManifestFiles {
  /** Default: the manifest that comes with the program. */
  readonly path?: string | undefined;
  /** One of the user's own, whose files and contracts are added; its contracts may name files of the other. */
  readonly own?: string | undefined;
}

/** @throws UsageError when a file cannot be read or is not a manifest; names the file and every wrong field. */
export async function loadManifest({ path = shippedManifest(), own }: ManifestFiles = {}): Promise<ModelManifest> {
  const shipped = { ...validated(await readJson(path), path), directory: dirname(resolve(path)) };
  if (own === undefined) return shipped;
  const added = await readJson(own);
  const { version, files, contracts } = shipped;
  // Judged together, since what is added may name what is there.
  const parts = partsSchema.safeParse(added);
  if (!parts.success) throw notValid(own, parts.error);
  const joined = {
    version,
    files: [...files, ...parts.data.files.map((file) => fromFolder(file, dirname(resolve(own))))],
    contracts: { ...parts.data.contracts, ...contracts },
  };
  const taken = Object.keys(parts.data.contracts).find((name) => name in contracts);
  if (taken !== undefined) {
    throw new UsageError(
      `The model manifest ${own} has a contract "${taken}", which there is already.`,
      'Give yours another name.',
    );
  }
  return { ...validated(joined, own), directory: shipped.directory };
}

const shippedManifest = (): string => join(defaultModelsDirectory(), 'manifest.json');

/** Of a manifest that is added: the rest is judged when both are joined. */
const partsSchema = z.strictObject({
  version: z.literal(1),
  files: z.array(z.record(z.string(), z.unknown())),
  contracts: z.record(z.string(), z.unknown()),
});

/** A relative `file:` source starts at the folder of the manifest that states it. */
function fromFolder(file: Readonly<Record<string, unknown>>, folder: string): Readonly<Record<string, unknown>> {
  const { source } = file;
  if (typeof source !== 'string' || !source.startsWith('file:')) return file;
  return { ...file, source: `file:${resolve(folder, source.slice('file:'.length))}` };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`The model manifest ${path} cannot be read.`, 'Check the path and its permissions.', {
      cause: error,
    });
  });
  return parseJson(text, path);
}

function validated(manifest: unknown, path: string): Omit<ModelManifest, 'directory'> {
  const parsed = modelManifestSchema.safeParse(manifest);
  if (!parsed.success) throw notValid(path, parsed.error);
  return parsed.data;
}

const notValid = (path: string, error: z.ZodError): UsageError =>
  new UsageError(
    `The model manifest ${path} is not valid:\n${z.prettifyError(error)}`,
    'Correct the fields named above; models/README.md describes them.',
  );

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
