// `npm run dev`: the standalone app, compiled and started again whenever a source file changes.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const SETTLE_MS = 150;
let child;
let timer;
let stopping = false;

async function stop() {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function restart() {
  try {
    await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  } catch (error) {
    console.error(error.stderr ?? error.message);
    return;
  }
  await stop();
  if (stopping) return;
  child = spawn(process.execPath, [join(root, 'dist/apps/standalone/src/main.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
}

for (const folder of ['apps', 'libs']) {
  watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (!/\.ts$/.test(name ?? '') || /\.spec\.ts$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(restart, SETTLE_MS);
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    stopping = true;
    await stop();
    process.exit(0);
  });
}
await restart();
