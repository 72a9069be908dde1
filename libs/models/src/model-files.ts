import { stat } from 'node:fs/promises';
import { StageError } from '@facelane/contracts';
import { hasLicence } from './licences.js';
import { findFile } from './manifest.loader.js';
import type { ModelFile, ModelManifest } from './manifest.schema.js';
import { cachedPath, sha256OfFile } from './model-cache.js';
import { undefinedWhenMissing } from './when-missing.js';

/** What the cache holds of one file. */
export type ModelFileState =
  | { readonly state: 'missing'; readonly path: string }
  | { readonly state: 'intact'; readonly path: string }
  | { readonly state: 'corrupt'; readonly path: string; readonly foundSha256: string };

export interface ListedModelFile {
  readonly file: ModelFile;
  readonly path: string;
  /** Whether a file of the stated size is in the cache; its digest is what verifyModels checks. */
  readonly cached: boolean;
  /** Whether its terms are permissive or were accepted. */
  readonly licensed: boolean;
}

/** Every file of the manifest and whether it is in the cache; reads no contents. */
export async function listModels(manifest: ModelManifest, cacheDir: string): Promise<ListedModelFile[]> {
  return Promise.all(
    manifest.files.map(async (file) => {
      const path = cachedPath(cacheDir, file);
      const cached = (await statOf(path))?.size === file.bytes;
      return { file, path, cached, licensed: await hasLicence(cacheDir, file) };
    }),
  );
}

/** Hashes every cached file again, whatever was hashed before. */
export async function verifyModels(
  manifest: ModelManifest,
  cacheDir: string,
): Promise<readonly (ModelFileState & { readonly file: ModelFile })[]> {
  const states = [];
  for (const file of manifest.files) states.push({ file, ...(await checkModelFile(file, cacheDir)) });
  return states;
}

export async function checkModelFile(file: ModelFile, cacheDir: string): Promise<ModelFileState> {
  const path = cachedPath(cacheDir, file);
  if ((await statOf(path)) === undefined) return { state: 'missing', path };
  const foundSha256 = await sha256OfFile(path);
  return foundSha256 === file.sha256 ? { state: 'intact', path } : { state: 'corrupt', path, foundSha256 };
}

/**
 * Digests of files that did not change since they were hashed. A fact about bytes on disk, not model state: the key
 * holds size and modification time, so a replaced file is hashed again.
 */
const knownIntact = new Set<string>();

/**
 * Path of a file in the cache, after its digest was checked (once per process and version of the file on disk).
 *
 * @throws StageError INFERENCE.MODEL_MISSING or INFERENCE.MODEL_CORRUPT; names the file.
 */
export async function resolveModelFile(manifest: ModelManifest, id: string, cacheDir: string): Promise<string> {
  const file = findFile(manifest, id);
  const path = cachedPath(cacheDir, file);
  const found = await statOf(path);
  const key = found && `${path}|${found.size}|${found.mtimeMs}|${file.sha256}`;
  if (key !== undefined && knownIntact.has(key)) return path;
  const checked = await checkModelFile(file, cacheDir);
  switch (checked.state) {
    case 'missing':
      throw new StageError('INFERENCE.MODEL_MISSING', `The model file ${id} is not at ${path}.`, {
        safeDetails: { model: id, path },
      });
    case 'corrupt':
      throw new StageError(
        'INFERENCE.MODEL_CORRUPT',
        `The model file ${path} (${id}) is damaged: its SHA-256 is ${checked.foundSha256}, not ${file.sha256}.`,
        { safeDetails: { model: id, path } },
      );
    case 'intact':
      if (key !== undefined) knownIntact.add(key);
      return path;
  }
}

const statOf = async (path: string): Promise<{ size: number; mtimeMs: number } | undefined> =>
  stat(path).catch(undefinedWhenMissing);
