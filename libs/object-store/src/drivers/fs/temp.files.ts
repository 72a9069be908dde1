import { hash, randomBytes } from 'node:crypto';
import { open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { BucketFolders } from './bucket.folders.js';
import { errnoOf } from './fs.errors.js';

/** Tells machines apart that share a volume: a process id means something only on its own. */
const HOST = hash('sha256', hostname(), 'hex').slice(0, 8);
/** No write of one object takes so long; older files of other machines are leftovers. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/** Files being written, in a folder of their own beside the objects, which no listing enters. */
export class TempFiles {
  readonly #owner = `${HOST}.${process.pid}.${randomBytes(4).toString('hex')}`;
  #written = 0;
  #ready: Promise<void> | undefined;

  constructor(
    private readonly folder: string,
    private readonly folders: BucketFolders,
    private readonly fsync: boolean,
  ) {}

  /** Writes the parts to a new file and returns its path; leaves nothing when it fails. */
  write(parts: readonly Uint8Array[]): Promise<string> {
    return this.#create((file) => writeParts(file, parts));
  }

  /** The same of a body as it comes, followed by what `tail` says when all of it came. */
  writeStream(body: AsyncIterable<Uint8Array>, tail: () => Uint8Array): Promise<string> {
    return this.#create(async (file) => {
      for await (const chunk of body) await writeAll(file, chunk);
      await writeAll(file, tail());
    });
  }

  async #create(fill: (file: FileHandle) => Promise<void>): Promise<string> {
    await (this.#ready ??= this.#prepare());
    const path = join(this.folder, `${this.#owner}.${this.#written++}`);
    try {
      await this.#write(path, fill);
      return path;
    } catch (error) {
      await rm(path, { force: true });
      // Somebody removed the folder while we ran: make it afresh next time.
      if (errnoOf(error) === 'ENOENT') this.#ready = undefined;
      throw error;
    }
  }

  async #write(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
    const file = await open(path, 'wx');
    try {
      await fill(file);
      if (this.fsync) await file.sync();
    } finally {
      await file.close();
    }
  }

  async #prepare(): Promise<void> {
    try {
      await this.folders.create(this.folder);
      await this.#sweep();
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }

  /** Removes what processes left behind that died while writing. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      if (await isLeftover(name, path)) await rm(path, { force: true });
    }
  }
}

async function writeParts(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const { bytesWritten } = await file.writev(parts);
  // A short write is how a disk that is filling up first shows; the next one says ENOSPC.
  if (bytesWritten < total(parts)) await writeAll(file, Buffer.concat(parts).subarray(bytesWritten));
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray((await file.write(rest)).bytesWritten);
}

const total = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

async function isLeftover(name: string, path: string): Promise<boolean> {
  const [host, pid] = name.split('.');
  const modified = await stat(path).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
  if (modified === undefined) return false;
  // A restarted container often has the host name and process id of the one before it.
  if (host === HOST && Number(pid) === process.pid) return modified < Date.now() - process.uptime() * 1000;
  if (host === HOST) return !isAlive(Number(pid));
  return modified < Date.now() - ABANDONED_AFTER_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
