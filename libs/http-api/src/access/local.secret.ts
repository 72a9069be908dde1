import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * A secret of this machine, made once and kept in a file that only this user may read: 256 random bits as base64url.
 * Processes that start at once agree on one.
 */
export async function localSecret(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const known = await readSecret(file);
  if (known !== undefined) return known;
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link appears whole or not at all, and fails when another process was first.
    await link(draft, file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const kept = await readSecret(file);
  if (kept === undefined) throw new Error(`${file} holds no secret of this program; delete it and start again.`);
  return kept;
}

async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  const secret = text?.trim();
  return secret !== undefined && SECRET.test(secret) ? secret : undefined;
}
