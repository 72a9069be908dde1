import { EnvironmentError } from '@facelane/contracts';
import { requireVersion } from '../client/server.facts.js';
import type { RedisLog } from '../redis.log.js';
import type { System } from './system.js';

const BINARY = 'redis-server';

/** Where a user is told what to install, by platform. */
const REMEDY =
  'Install it (Debian and Ubuntu: `apt-get install redis-server`; Fedora: `dnf install redis`; macOS: `brew install ' +
  'redis`), or run `docker run -d -p 6379:6379 redis:7 --appendonly yes --maxmemory-policy noeviction` and set ' +
  'REDIS_URL=redis://localhost:6379.';

/**
 * The server program, installed with apt-get when it is missing, allowed and possible without a password.
 *
 * @throws UsageError that says in one sentence what to install, or that the version is too old.
 */
export async function findRedisServer(system: System, log: RedisLog, allowInstall: boolean): Promise<string> {
  let version = await versionOf(system);
  if (version === undefined && allowInstall) {
    await install(system, log);
    version = await versionOf(system);
  }
  if (version === undefined) throw new EnvironmentError(`${BINARY} was not found on this machine.`, REMEDY);
  requireVersion(`${BINARY} on the PATH`, version);
  return BINARY;
}

async function versionOf(system: System): Promise<string | undefined> {
  const { code, output } = await system.run(BINARY, ['--version']);
  return code === undefined ? undefined : (/\bv=(\d+\.\d+[\d.]*)/.exec(output)?.[1] ?? '');
}

async function install(system: System, log: RedisLog): Promise<void> {
  if (system.platform !== 'linux' || (await system.run('apt-get', ['--version'])).code !== 0) return;
  const prefix = await becomeRoot(system);
  if (prefix === undefined) return;
  log.info(`Installing ${BINARY} with apt-get (once on this machine)…`);
  const aptGet = (...args: string[]): ReturnType<System['run']> => {
    // env, since sudo drops our environment; another apt-get may be at work, for which this one waits.
    const command = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120'];
    return system.run(command[0]!, [...command.slice(1), ...args]);
  };
  const add = ['install', '-y', '--no-install-recommends', BINARY];
  if ((await aptGet(...add)).code === 0) return;
  // A fresh machine has no package lists, an old one lists packages that are gone.
  await aptGet('update');
  const { code, output } = await aptGet(...add);
  if (code === 0) return;
  const tail = output.split('\n').slice(-5).join('\n');
  throw new EnvironmentError(`apt-get could not install ${BINARY}:\n${tail}`, REMEDY);
}

/** What to put before a command so that it runs as root without asking; undefined when that is not possible. */
async function becomeRoot(system: System): Promise<readonly string[] | undefined> {
  if (system.isRoot) return [];
  return (await system.run('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n'] : undefined;
}
