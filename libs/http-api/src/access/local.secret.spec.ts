import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localSecret } from './local.secret.js';

const compiled = fileURLToPath(new URL('../../../../dist/libs/http-api/src/access/local.secret.js', import.meta.url));
const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-secret-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a secret of this machine', () => {
  it('is made once: 256 random bits in a file of its own', async () => {
    const below = join(folder, 'not', 'there', 'yet');
    const secret = await localSecret(below, 'a.key');
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await localSecret(below, 'a.key')).toBe(secret);
    expect(await localSecret(below, 'b.key')).not.toBe(secret);
    expect(await readdir(below)).toEqual(['a.key', 'b.key']);
  });

  it.skipIf(process.platform === 'win32')('may be read by this user alone', async () => {
    await localSecret(folder, 'a.key');
    expect((await stat(join(folder, 'a.key'))).mode & 0o777).toBe(0o600);
  });

  it('is one for all who ask at once, in this process', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => localSecret(folder, 'a.key')));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(['a.key']);
  });

  it('is one for processes that start at once', async () => {
    const script = `import { localSecret } from ${JSON.stringify(compiled)};
      process.stdout.write(await localSecret(${JSON.stringify(folder)}, 'a.key'));`;
    const args = ['--input-type=module', '--eval', script];
    const started = await Promise.all(
      Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, args, { encoding: 'utf8' })),
    );
    const secrets = started.map(({ stdout }) => stdout);
    expect(secrets[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(secrets)).toEqual(new Set([await localSecret(folder, 'a.key')]));
    expect(await readdir(folder)).toEqual(['a.key']);
  });

  it.each([
    ['is empty', ''],
    ['is cut short', 'abc\n'],
    ['is longer', `${'a'.repeat(44)}\n`],
    ['holds something else', `${'a'.repeat(42)}!\n`],
  ])('is not taken from a file that %s, and the file stays as it is', async (_what, text) => {
    const file = join(folder, 'a.key');
    await writeFile(file, text);
    await expect(localSecret(folder, 'a.key')).rejects.toThrow(`${file} holds no secret of this program`);
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(await readdir(folder)).toEqual(['a.key']);
  });

  it.skipIf(isRoot)('is not made anew when its file cannot be read', async () => {
    await localSecret(folder, 'a.key');
    await chmod(join(folder, 'a.key'), 0);
    await expect(localSecret(folder, 'a.key')).rejects.toMatchObject({ code: 'EACCES' });
  });

  it('may have white space around it, as an editor leaves it', async () => {
    await writeFile(join(folder, 'a.key'), `  ${'a'.repeat(43)}\r\n`);
    expect(await localSecret(folder, 'a.key')).toBe('a'.repeat(43));
  });
});
