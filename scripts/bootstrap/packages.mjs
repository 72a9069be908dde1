// Installs node_modules when it is missing or does not fit package-lock.json.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { BootstrapError } from './runtime.mjs';

const readPackages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/**
 * Whether node_modules holds what package-lock.json asks for, judged by the record that npm writes after a
 * complete install: whoever ran npm, and however, a tree that fits is left alone.
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  let present;
  try {
    present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
  // Optional packages of other platforms are absent by right; one that is there must have the right version.
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

/** Draws a spinner on a terminal and nothing elsewhere; the returned function removes it. */
function spin(stream) {
  if (!stream.isTTY) return () => undefined;
  const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
  const started = Date.now();
  let frame = 0;
  const timer = setInterval(() => {
    frame = (frame + 1) % frames.length;
    stream.write(`\r${frames[frame]} ${Math.round((Date.now() - started) / 1000)} s`);
  }, 100);
  return () => {
    clearInterval(timer);
    stream.write('\r\x1b[K');
  };
}

/** npm as the one that started us (npm_execpath), else the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) return { command: process.execPath, first: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', first: [] };
}

async function npmCi(root) {
  const { command, first } = npmCommand();
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: command.endsWith('.cmd') });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const stop = spin(process.stderr);
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code === 0) return;
    throw new BootstrapError(
      `${output.trim()}\n\nThe packages could not be installed (npm ci ended with ${code}). Check that the npm ` +
        'registry can be reached (npm ping) and that the disk has 2 GB free, then run the same command again.',
    );
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new BootstrapError('npm was not found. Install Node with npm from https://nodejs.org and try again.');
  } finally {
    stop();
  }
}

/** Returns when node_modules fits the lockfile. Safe when several processes ask at once: one installs. */
export async function ensurePackages(root) {
  if (isInstalled(root)) return;
  const say = (line) => process.stderr.write(`${line}\n`);
  // Outside the tree: npm ci removes node_modules, and a lock in the root would show up in git.
  const lock = join(tmpdir(), `facelane-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`);
  await withLock(
    lock,
    () => say('Waiting for another process that is installing the packages…'),
    async () => {
      if (isInstalled(root)) return;
      say('Installing packages (first run, about a minute)…');
      await npmCi(root);
    },
  );
}
