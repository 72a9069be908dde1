import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const build = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

export async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [build]);
}
