import { mkdir, open, realpath, rmdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { StageError } from '@facelane/contracts';
import { errnoOf, ignoreMissing } from './fs.errors.js';

/** Enough for a fan-out of 256 folders in a dozen places. */
const REMEMBERED_FOLDERS = 4096;

/**
 * The folders below the root: made when needed, removed when empty, and never followed out of the root through a
 * symbolic link. A folder found sound is remembered, so a link put in its place later, by somebody who can write
 * into the root anyway, is noticed only after a restart.
 */
export class BucketFolders {
  readonly #sound = new Set<string>();
  #realRoot: Promise<string> | undefined;

  constructor(
    private readonly root: string,
    private readonly fsync: boolean,
  ) {}

  /** Checks the folder, or its deepest existing ancestor. */
  async assertSound(folder: string): Promise<void> {
    if (this.#sound.has(folder)) return;
    const root = await (this.#realRoot ??= this.#findRoot());
    for (let path = folder; path !== this.root; path = dirname(path)) {
      const real = await realpath(path).catch(ignoreMissing);
      if (real === undefined) continue;
      if (real !== join(root, relative(this.root, path))) {
        throw new StageError('STORE.DENIED', `The folder ${path} is reached through a symbolic link.`);
      }
      if (path === folder) this.#remember(folder);
      return;
    }
  }

  async create(folder: string): Promise<void> {
    await this.assertSound(folder);
    const first = await mkdir(folder, { recursive: true });
    if (this.fsync && first !== undefined) {
      for (let path = folder; path.length >= first.length; path = dirname(path)) await this.sync(dirname(path));
    }
  }

  /** Makes the names in a folder survive a power cut. */
  async sync(folder: string): Promise<void> {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Removes the folder and its ancestors up to `stop` while they are empty, so that erased names leave the disk. */
  async prune(folder: string, stop: string): Promise<void> {
    for (let path = folder; path.length > stop.length; path = dirname(path)) {
      try {
        await rmdir(path);
        this.#sound.delete(path);
      } catch (error) {
        // ENOTEMPTY is the usual end; any other reason leaves an empty folder, which no reader can see.
        if (errnoOf(error) !== 'ENOENT') return;
      }
    }
  }

  async #findRoot(): Promise<string> {
    try {
      await mkdir(this.root, { recursive: true });
      return await realpath(this.root);
    } catch (error) {
      this.#realRoot = undefined;
      throw error;
    }
  }

  #remember(folder: string): void {
    if (this.#sound.size >= REMEMBERED_FOLDERS) this.#sound.clear();
    this.#sound.add(folder);
  }
}
