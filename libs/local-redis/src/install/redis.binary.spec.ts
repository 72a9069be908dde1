import { describe, expect, it } from 'vitest';
import { UsageError } from '@facelane/contracts';
import { findRedisServer } from './redis.binary.js';
import type { CommandResult, System } from './system.js';

const ABSENT: CommandResult = { code: undefined, output: 'ENOENT' };
const OK: CommandResult = { code: 0, output: '' };
const VERSION_7: CommandResult = { code: 0, output: 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc' };

/** A machine that answers from a script and remembers what it was asked. */
function machine(isRoot: boolean, answer: (line: string, asked: readonly string[]) => CommandResult) {
  const asked: string[] = [];
  const system: System = {
    platform: 'linux',
    isRoot,
    run: (command, args) => {
      const line = [command, ...args].join(' ');
      const result = answer(line, asked);
      asked.push(line);
      return Promise.resolve(result);
    },
  };
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: () => undefined };
  return { system, asked, log, lines };
}

const installed = (asked: readonly string[]): number => asked.filter((line) => line.includes(' install ')).length;

describe('findRedisServer', () => {
  it('takes the one on the PATH', async () => {
    const { system, log, asked } = machine(true, () => VERSION_7);
    await expect(findRedisServer(system, log, true)).resolves.toBe('redis-server');
    expect(asked).toEqual(['redis-server --version']);
  });

  it('installs it as root, with one line, updating the lists only when needed', async () => {
    const { system, log, asked, lines } = machine(true, (line, before) => {
      if (line.startsWith('redis-server')) return installed(before) === 2 ? VERSION_7 : ABSENT;
      return line.includes(' install ') && installed(before) === 0 ? { code: 100, output: 'Unable to locate' } : OK;
    });
    await findRedisServer(system, log, true);
    expect(lines).toHaveLength(1);
    const apt = 'env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120';
    const add = `${apt} install -y --no-install-recommends redis-server`;
    expect(asked.filter((line) => line.startsWith('env'))).toEqual([add, `${apt} update`, add]);
  });

  it('uses sudo only when it asks for no password', async () => {
    const { system, log, asked } = machine(false, (line, before) => {
      if (line.startsWith('redis-server')) return installed(before) > 0 ? VERSION_7 : ABSENT;
      return OK;
    });
    await findRedisServer(system, log, true);
    expect(asked).toContain('sudo -n true');
    expect(asked.some((line) => line.startsWith('sudo -n env DEBIAN_FRONTEND=noninteractive apt-get'))).toBe(true);
  });

  it.each([
    ['sudo wants a password', true, (line: string) => (line.startsWith('sudo') ? { code: 1, output: '' } : OK)],
    ['there is no apt-get', true, () => ABSENT],
    ['installing is not allowed', false, () => OK],
  ])('says what to install when %s', async (_case, allowInstall, answer) => {
    const { system, log, asked } = machine(false, (line) => (line.startsWith('redis-server') ? ABSENT : answer(line)));
    const error = await findRedisServer(system, log, allowInstall).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).remedy).toMatch(/apt-get.*dnf.*brew.*docker/);
    expect(installed(asked)).toBe(0);
  });

  it('shows why apt-get failed', async () => {
    const { system, log } = machine(true, (line) => {
      if (line.startsWith('redis-server')) return ABSENT;
      return line.includes(' install ') ? { code: 100, output: 'E: No space left on device' } : OK;
    });
    await expect(findRedisServer(system, log, true)).rejects.toThrow('No space left');
  });

  it.each(['5.0.14', '6.0.16'])('refuses version %s', async (version) => {
    const { system, log } = machine(true, () => ({ code: 0, output: `Redis server v=${version} sha=0` }));
    await expect(findRedisServer(system, log, true)).rejects.toThrow(`is version ${version}, and Facelane needs 6.2`);
  });
});
