// One process at a time does a thing. The lock is a file made with O_EXCL; its holder touches it every second, so
// a lock whose holder was killed is recognised by its age, whatever process has that pid now.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const STALE_AFTER_MS = 15_000;
const POLL_MS = 200;

function tryTake(path, token) {
  try {
    writeFileSync(path, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves an abandoned lock away. Of several that try, rename lets one win; the others find it gone. */
function clearStale(path, token) {
  try {
    if (Date.now() - statSync(path).mtimeMs < STALE_AFTER_MS) return;
    const aside = `${path}.${token}`;
    renameSync(path, aside);
    rmSync(aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Runs `work` while holding the lock file `path`; `onWait` is called once when another process holds it. */
export async function withLock(path, onWait, work) {
  const token = `${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; !tryTake(path, token); await wait(POLL_MS)) {
    if (!waited) onWait();
    waited = true;
    clearStale(path, token);
  }
  const beat = setInterval(() => utimesSync(path, new Date(), new Date()), 1000);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (readFileSync(path, 'utf8') === token) rmSync(path);
  }
}
