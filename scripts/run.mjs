// Starts everything in this repository, on a machine that may have nothing but an old Node and npm:
//
//   node scripts/run.mjs app cli tag ./photos     apps/cli/src/main.ts, compiled
//   node scripts/run.mjs file bench/main.ts       any other compiled file
//   node scripts/run.mjs script scripts/check.mjs a plain script
//   node scripts/run.mjs tool vitest run          a package's command
//
// It installs the packages when they do not fit the lockfile, compiles what changed, and runs the target with the
// project's own Node. This file and scripts/bootstrap/ run before any package is there and on Node 18: no
// dependencies, no newer syntax.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './bootstrap/packages.mjs';
import { BootstrapError, environmentFor, findRuntime } from './bootstrap/runtime.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGE_OF_TOOL = { tsc: 'typescript', depcruise: 'dependency-cruiser' };
const compiled = (path) => join(root, 'dist', path.replace(/\.ts$/, '.js'));

/** A package's command as a script: npm's links are shell files on Windows, which node cannot run. */
function toolPath(name) {
  const home = join(root, 'node_modules', PACKAGE_OF_TOOL[name] ?? name);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return join(home, typeof bin === 'string' ? bin : bin[name]);
}

/** Kind of target → whether the tree is compiled first, and the arguments that start it. */
const KINDS = {
  app: { build: true, command: (name) => [compiled(`apps/${name}/src/main.ts`)] },
  file: { build: true, command: (path) => [compiled(path)] },
  script: { build: false, command: (path) => [join(root, path)] },
  tool: { build: false, command: (name) => [toolPath(name)] },
};

/** Runs to the end with our terminal; a signal sent to us reaches the child, which decides what it means. */
function runToEnd(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    // A terminal sends Ctrl-C to the whole group by itself; forwarding it as well would count as a second one.
    const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    const forward = (signal) => void (signal === 'SIGINT' && onTerminal ? undefined : child.kill(signal));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

async function main([kindName, target, ...args]) {
  const kind = KINDS[kindName];
  if (kind === undefined || target === undefined) {
    throw new BootstrapError(`Usage: node scripts/run.mjs <${Object.keys(KINDS).join('|')}> <target> [arguments…]`);
  }
  await ensurePackages(root);
  const runtime = findRuntime(root);
  const env = environmentFor(root, runtime);
  if (kind.build) {
    const code = await runToEnd(runtime, [join(root, 'scripts', 'build.mjs')], { env });
    if (code !== 0) return code;
  }
  // INIT_CWD: npm moves to the package's root, but paths that a user types are relative to where he stood.
  const cwd = kindName === 'app' ? (process.env.INIT_CWD ?? process.cwd()) : root;
  return runToEnd(runtime, [...kind.command(target), ...args], { env, cwd });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    if (!(error instanceof BootstrapError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
