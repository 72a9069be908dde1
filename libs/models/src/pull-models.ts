import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '@facelane/contracts';
import { requireLicence } from './licences.js';
import { findFile } from './manifest.loader.js';
import type { ModelFile, ModelManifest } from './manifest.schema.js';
import { adopt, cachedPath, sha256OfFile, withStaging } from './model-cache.js';
import { checkModelFile } from './model-files.js';
import { withRetries, type RetryOptions } from './retry.js';
import { planFetches, type Fetch } from './sources/plan.js';
import { undefinedWhenMissing } from './when-missing.js';

/** `cached`: nothing to do. A tarball's files stay at 0 bytes while it downloads: npm does not tell how far it is. */
export type PullPhase = 'cached' | 'downloading' | 'verifying' | 'done';

export interface PullProgress {
  readonly file: ModelFile;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  readonly phase: PullPhase;
}

export interface PullOptions extends RetryOptions {
  readonly cacheDir: string;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  /** Ids of files whose restrictive terms the user accepts; recorded in the cache. Default none. */
  readonly acceptLicences?: readonly string[] | undefined;
}

/**
 * Brings files into the cache; what is there and intact is left alone, what is damaged is replaced. A file enters the
 * cache only after its digest was checked, by an atomic rename: a reader, or a second pull at the same time, never sees
 * half a file. Returns the path of each file by id.
 *
 * @throws UsageError for an unknown id, terms that were not accepted, a network that stays down, or a wrong digest.
 */
export async function pullModels(
  manifest: ModelManifest,
  ids: readonly string[],
  options: PullOptions,
): Promise<ReadonlyMap<string, string>> {
  const { cacheDir, acceptLicences = [] } = options;
  const files = [...new Set(ids)].map((id) => findFile(manifest, id));
  for (const file of files) await requireLicence(cacheDir, file, acceptLicences);
  const missing: ModelFile[] = [];
  for (const file of files) {
    if ((await checkModelFile(file, cacheDir)).state === 'intact') report(options, file, 'cached');
    else missing.push(file);
  }
  for (const fetch of planFetches(missing)) await withRetries(() => pullFrom(fetch, manifest, options), options);
  return new Map(files.map((file) => [file.id, cachedPath(cacheDir, file)]));
}

async function pullFrom(fetch: Fetch, manifest: ModelManifest, options: PullOptions): Promise<void> {
  await withStaging(options.cacheDir, async (staging) => {
    for (const file of fetch.files) report(options, file, 'downloading', 0);
    const paths = await fetch.fetcher({
      files: fetch.files,
      manifest,
      folder: await mkdtemp(join(staging, 'try-')),
      signal: options.signal,
      onBytes: (file, received) => report(options, file, 'downloading', received),
    });
    for (const file of fetch.files) {
      report(options, file, 'verifying');
      const staged = paths.get(file.id)!;
      await requireDigest(staged, file, fetch.origin);
      await adopt(staged, cachedPath(options.cacheDir, file));
      report(options, file, 'done');
    }
  });
}

async function requireDigest(path: string, file: ModelFile, origin: string): Promise<void> {
  const found = await sha256OfFile(path).catch(undefinedWhenMissing);
  if (found === file.sha256) return;
  if (found === undefined) {
    throw new EnvironmentError(
      `${file.id} (${file.source}) is not in ${origin}, or not with the ${file.bytes} bytes that the manifest states.`,
      'Correct its source and bytes in the manifest, or ask whoever runs your registry what it serves.',
    );
  }
  throw new EnvironmentError(
    `${file.id} from ${origin} was refused: its SHA-256 is ${found}, the manifest states ${file.sha256}.`,
    'The origin or a proxy serves other bytes than were reviewed: do not use them; pull again from another network, ' +
      'or review the new file and correct the manifest.',
  );
}

function report(options: PullOptions, file: ModelFile, phase: PullPhase, receivedBytes = file.bytes): void {
  options.onProgress?.({ file, receivedBytes, totalBytes: file.bytes, phase });
}
