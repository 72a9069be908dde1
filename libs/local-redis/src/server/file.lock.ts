import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 50;
const BEAT_MS = 1_000;
/** Many beats: only a holder that is gone, or whose pid now belongs to another program, is this late. */
const STALE_AFTER_MS = 15_000;

/**
 * Runs `work` while no other process of this machine holds the lock file. A holder that was killed leaves the file
 * behind; it is recognised by its pid, or by its age when that pid is in use again.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const token = `${process.pid} ${randomUUID()}`;
  while (!(await tryTake(path, token))) {
    await clearStale(path);
    await pause(POLL_MS);
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if ((await readFile(path, 'utf8').catch(ignoreMissing)) === token) await rm(path);
  }
}

/** The file appears with its content or not at all: link, unlike an exclusive open, has no empty moment. */
async function tryTake(path: string, token: string): Promise<boolean> {
  const own = `${path}.${token.slice(-12)}`;
  await writeFile(own, token);
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own);
  }
}

async function clearStale(path: string): Promise<void> {
  const holder = await readFile(path, 'utf8').catch(ignoreMissing);
  const age = Date.now() - ((await stat(path).catch(ignoreMissing))?.mtimeMs ?? Date.now());
  if (holder === undefined || (isAlive(Number.parseInt(holder, 10)) && age < STALE_AFTER_MS)) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    ignoreMissing(error);
    return;
  }
  // Somebody may have cleared it and taken the lock between our look and our rename: then it goes back.
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
