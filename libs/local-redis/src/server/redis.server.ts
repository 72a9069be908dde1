import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentError } from '@facelane/contracts';
import { RedisClient, type RedisAddress } from '../client/redis.client.js';

const HOST = '127.0.0.1';
/** Holds the process id while the server runs. */
export const PID_FILE = 'redis.pid';
const READY_WITHIN_MS = 120_000;
const POLL_MS = 20;
const PORT_ATTEMPTS = 5;

export interface ServerOptions {
  /** The program, as found on the PATH. */
  readonly binary: string;
  /** Folder of its append-only file, log and settings; made when missing, readable by the owner only. */
  readonly dir: string;
  readonly password: string;
  /** Whether it outlives a Ctrl-C in our terminal, so that we can drain before it goes. */
  readonly detached: boolean;
  /** Told the port before the server starts, so that a record exists however early we are killed. */
  readonly beforeStart?: (port: number) => Promise<void>;
}

export interface RunningServer {
  readonly port: number;
  readonly address: RedisAddress;
  readonly process: ChildProcess;
}

export function urlOf(port: number, password: string): string {
  return `redis://:${encodeURIComponent(password)}@${HOST}:${port}`;
}

export function addressOf(port: number, password: string): RedisAddress {
  return { host: HOST, port, tls: false, password };
}

/** Starts a server on a free port of the loopback interface; resolves when it has loaded its data. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServerOn(await freePort(), options);
    } catch (error) {
      // Between our look and the server's bind somebody else may take the port.
      if (!(error instanceof PortTakenError) || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** As `startServer`, on the given port. */
export async function startServerOn(port: number, options: ServerOptions): Promise<RunningServer> {
  const { binary, dir, password, detached } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const settings = join(dir, 'redis.conf');
  // A file, since arguments are visible to every user of the machine.
  await writeFile(settings, settingsText(port, dir, password), { mode: 0o600 });
  await writeFile(join(dir, 'redis.log'), '');
  await options.beforeStart?.(port);
  const child = spawn(binary, [settings], { detached, stdio: 'ignore', cwd: dir });
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = signal ?? `exit code ${String(code)}`));
  child.unref();
  const address = addressOf(port, password);
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(address))) {
    await pause(POLL_MS);
    if (ended !== undefined) throw await startFailure(dir, port, ended);
    if (Date.now() < deadline) continue;
    child.kill('SIGKILL');
    throw await startFailure(dir, port, `not ready within ${READY_WITHIN_MS / 1000} s`);
  }
  return { port, address, process: child };
}

function settingsText(port: number, dir: string, password: string): string {
  const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return [
    '# Written by Facelane at every start; changes here are lost.',
    `bind ${HOST}`,
    'protected-mode yes',
    `port ${port}`,
    `requirepass ${quoted(password)}`,
    `dir ${quoted(dir)}`,
    `pidfile ${quoted(join(dir, PID_FILE))}`,
    `logfile ${quoted(join(dir, 'redis.log'))}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** Whether PING is answered: a server that is loading its file answers with an error and is not ready. */
async function isReady(address: RedisAddress): Promise<boolean> {
  const client = await RedisClient.open(address, 2_000).catch(() => undefined);
  if (client === undefined) return false;
  const reply = await client.call(['PING']).catch(() => undefined);
  client.close();
  return reply === 'PONG';
}

class PortTakenError extends EnvironmentError {}

async function startFailure(dir: string, port: number, ended: string): Promise<EnvironmentError> {
  const log = await readFile(join(dir, 'redis.log'), 'utf8').catch(() => '');
  const tail = log.trim().split('\n').slice(-5).join('\n');
  const ErrorClass = log.includes('Address already in use') ? PortTakenError : EnvironmentError;
  return new ErrorClass(
    `The private Redis on port ${port} did not start (${ended}).${tail === '' ? '' : ` Its log ends with:\n${tail}`}`,
    `Mend what the log in ${dir} names, or point REDIS_URL at a Redis of your own.`,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
