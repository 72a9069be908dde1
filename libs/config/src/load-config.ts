import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { textOf, type Environment } from './concern.js';
import { CONCERNS } from './concerns.table.js';
import { warnOfUnknown } from './unknown-variables.js';

type Built = { readonly [K in keyof typeof CONCERNS]: NonNullable<ReturnType<(typeof CONCERNS)[K]['read']>> };

export interface Config extends Built {
  /** Sentences about variables that look like ours and are none; to be logged once. */
  readonly warnings: readonly string[];
}

/**
 * Reads the whole configuration from the environment.
 *
 * Relative paths that were given are relative to the working folder; defaults are below the program's own folder,
 * so that every command on one checkout finds the same data.
 *
 * `defaults` stand in for variables that are not set: a program for people logs other than a server.
 *
 * @throws UsageError that names every problem at once, with the value (never a secret), what is allowed and an
 *   example.
 */
export function loadConfig(given: Environment = process.env, defaults: Environment = {}): Config {
  const env = { ...given, ...unset(given, defaults) };
  const problems: string[] = [];
  const programDir = findProgramDir();
  const surroundings = {
    programDir,
    dataDir: resolve(textOf(env, 'DATA_DIR') ?? join(programDir, 'data')),
    problem: (sentence: string) => void problems.push(sentence),
  };
  const built = Object.entries(CONCERNS).map(([name, concern]) => [name, concern.read(env, surroundings)]);
  if (problems.length > 0) throw problemsError(problems);
  return deepFreeze({ ...(Object.fromEntries(built) as Built), warnings: warnOfUnknown(env) });
}

const unset = (given: Environment, defaults: Environment): Environment =>
  Object.fromEntries(Object.entries(defaults).filter(([name]) => textOf(given, name) === undefined));

function problemsError(problems: readonly string[]): UsageError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new UsageError(
    `The configuration has ${count}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    `Correct ${problems.length === 1 ? 'this environment variable' : 'these environment variables'} and start again; README.md lists all of them.`,
  );
}

/** The folder with package.json, seen from the source tree and from dist/ alike; else the working folder. */
function findProgramDir(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return process.cwd();
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  return Object.freeze(value);
}
