import { constants } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '@facelane/contracts';
import { requireLicence } from './licences.js';
import { findFile } from './manifest.loader.js';
import type { ModelFile, ModelManifest } from './manifest.schema.js';
import { adopt, cachedPath, sha256OfFile, withStaging } from './model-cache.js';
import { checkModelFile } from './model-files.js';
import { buildFile } from './recipes/build-file.js';
import { partsOf, recipeOf } from './recipes/ingredients.js';
import { withRetries, type RetryOptions } from './retry.js';
import type { WantedFile } from './sources/fetcher.js';
import { planFetches, type Fetch } from './sources/plan.js';
import { undefinedWhenMissing } from './when-missing.js';

/** `cached`: nothing to do. A tarball's files stay at 0 bytes while it downloads: npm does not tell how far it is. */
export type PullPhase = 'cached' | 'downloading' | 'building' | 'verifying' | 'done';

export interface PullProgress {
  readonly file: ModelFile;
  readonly receivedBytes: number;
  /** While the ingredients of a built file arrive, theirs. */
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
 * half a file. A file that is built is checked as well, and so is all it is made of. Returns the path of each file by id.
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
  if (missing.length > 0) {
    await withStaging(cacheDir, (staging) => new Pull(missing, manifest.directory, staging, options).run());
  }
  return new Map(files.map((file) => [file.id, cachedPath(cacheDir, file)]));
}

/** One trip to every origin; a file is finished as soon as all its parts are here. */
class Pull {
  /** Paths of checked parts by source. */
  readonly #here = new Map<string, string>();
  readonly #received = new Map<string, number>();

  constructor(
    private readonly files: readonly ModelFile[],
    private readonly directory: string,
    private readonly staging: string,
    private readonly options: PullOptions,
  ) {}

  async run(): Promise<void> {
    const waiting = new Set(this.files);
    for (const fetch of planFetches(this.files.flatMap(partsOf))) {
      await withRetries(() => this.#fetch(fetch), this.options);
      for (const file of waiting) {
        if (!partsOf(file).every(({ source }) => this.#here.has(source))) continue;
        await this.#finish(file);
        waiting.delete(file);
      }
    }
  }

  async #fetch(fetch: Fetch): Promise<void> {
    for (const part of fetch.files) this.#onBytes(part, 0);
    const paths = await fetch.fetcher({
      files: fetch.files,
      directory: this.directory,
      folder: await mkdtemp(join(this.staging, 'try-')),
      signal: this.options.signal,
      onBytes: (part, received) => this.#onBytes(part, received),
    });
    for (const part of fetch.files) {
      const path = paths.get(part.source)!;
      for (const file of this.#filesOf(part)) if (recipeOf(file) === undefined) report(this.options, file, 'verifying');
      for (const stated of this.#statementsOf(part)) await requireDigest(path, stated, fetch.origin);
      this.#here.set(part.source, path);
    }
  }

  /** Into the cache: a copy, where another file has the same source. */
  async #finish(file: ModelFile): Promise<void> {
    const finished = join(this.staging, file.id);
    const recipe = recipeOf(file);
    if (recipe === undefined) await copyFile(this.#here.get(file.source)!, finished, constants.COPYFILE_FICLONE);
    else {
      report(this.options, file, 'building');
      await buildFile(recipe, file, this.#here, finished);
    }
    await adopt(finished, cachedPath(this.options.cacheDir, file));
    report(this.options, file, 'done');
  }

  #onBytes(part: WantedFile, received: number): void {
    this.#received.set(part.source, received);
    for (const file of this.#filesOf(part)) {
      const parts = partsOf(file);
      const bytes = parts.reduce((sum, { source }) => sum + (this.#received.get(source) ?? 0), 0);
      const total = parts.reduce((sum, other) => sum + other.bytes, 0);
      report(this.options, file, 'downloading', bytes, total);
    }
  }

  /** Two entries may have one source; both say what it must be. */
  #statementsOf({ source }: WantedFile): readonly WantedFile[] {
    const stated = this.files.flatMap(partsOf).filter((part) => part.source === source);
    return [...new Map(stated.map((part) => [`${part.sha256} ${part.bytes}`, part])).values()];
  }

  #filesOf(part: WantedFile): ModelFile[] {
    return this.files.filter((file) => partsOf(file).some(({ source }) => source === part.source));
  }
}

async function requireDigest(path: string, file: WantedFile, origin: string): Promise<void> {
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

function report(
  options: PullOptions,
  file: ModelFile,
  phase: PullPhase,
  receivedBytes = file.bytes,
  totalBytes = file.bytes,
): void {
  options.onProgress?.({ file, receivedBytes, totalBytes, phase });
}
