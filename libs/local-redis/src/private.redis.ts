import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentError, UsageError } from '@facelane/contracts';
import { NoAnswerError, RedisClient } from './client/redis.client.js';
import type { RedisLog } from './redis.log.js';
import { withFileLock } from './server/file.lock.js';
import { readRecord, removeRecord, writeRecord, type InstanceRecord } from './server/instance.record.js';
import { addressOf, PID_FILE, startServer, urlOf } from './server/redis.server.js';

const ANSWER_WITHIN_MS = 5_000;
const LOAD_WITHIN_MS = 120_000;
const LOADING_POLL_MS = 100;
const GONE_WITHIN_MS = 30_000;
/** How the processes that share a server are told from its other connections. */
const USER_NAME = 'facelane-user';

/**
 * This process's share in the private server of a data folder.
 *
 * Every process that uses the server holds one named connection to it for as long as it does, and the kernel closes
 * that connection however the process ends. So the server itself knows its users, and the last one to `stop()` shuts
 * it down, whoever started it. When a last user is killed instead, the server stays, and the next process takes it
 * over. Taking and leaving happen under one lock file, so no process is given a server that is about to go.
 */
export class PrivateRedis {
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly dir: string,
    private readonly client: RedisClient,
    private readonly record: InstanceRecord,
    readonly origin: 'started' | 'reused',
  ) {}

  get url(): string {
    return urlOf(this.record.port, this.record.password);
  }

  /** `binary` is asked for only when a server must be started. */
  static async take(dataDir: string, binary: () => Promise<string>, log: RedisLog): Promise<PrivateRedis> {
    const dir = resolve(join(dataDir, 'redis'));
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return withFileLock(join(dir, 'lock'), async () => {
      const running = await joinRunning(dir);
      if (running !== undefined) return new PrivateRedis(dir, running.client, running.record, 'reused');
      const { client, record } = await startFresh(dir, await binary(), log);
      return new PrivateRedis(dir, client, record, 'started');
    });
  }

  /** Leaves the server; the last one shuts it down. Jobs stay in its file for the next start. */
  stop(): Promise<void> {
    this.stopping ??= withFileLock(join(this.dir, 'lock'), () => this.leave());
    return this.stopping;
  }

  private async leave(): Promise<void> {
    const list = await this.client.call(['CLIENT', 'LIST']).catch(() => undefined);
    // No answer: the server is gone already, and the next start finds that out for itself.
    if (list === undefined) {
      this.client.close();
      return;
    }
    const users = String(list).match(new RegExp(`\\bname=${USER_NAME}\\b`, 'g'))?.length ?? 0;
    if (users > 1) {
      this.client.close();
      // Until the server has noticed, the next to leave would count us.
      await this.client.closed;
      return;
    }
    // The answer to SHUTDOWN is the end of the connection, which the kernel closes when the process is gone.
    await this.client.call(['SHUTDOWN'], GONE_WITHIN_MS).catch(() => undefined);
    // A server that refused to go must be found again: a second one on its file would destroy it.
    if (this.client.isClosed) await removeRecord(this.dir);
    this.client.close();
  }
}

async function startFresh(
  dir: string,
  binary: string,
  log: RedisLog,
): Promise<{ readonly client: RedisClient; readonly record: InstanceRecord }> {
  const password = randomBytes(24).toString('base64url');
  const beforeStart = (port: number): Promise<void> => writeRecord(dir, { port, password });
  const server = await startServer({ binary, dir, password, detached: true, beforeStart });
  server.process.once('exit', (code, signal) => {
    if (code === 0) return;
    log.warn(
      `The private Redis ended unexpectedly (${signal ?? `exit code ${String(code)}`}); its log is in ${dir}. ` +
        'Jobs are kept: run the same command again.',
    );
  });
  const client = await RedisClient.open(server.address, ANSWER_WITHIN_MS);
  await client.call(['CLIENT', 'SETNAME', USER_NAME]);
  return { client, record: { port: server.port, password } };
}

/** The recorded server when it runs, lets us in and works on this very folder. */
async function joinRunning(
  dir: string,
): Promise<{ readonly client: RedisClient; readonly record: InstanceRecord } | undefined> {
  const record = await readRecord(dir);
  if (record === undefined) return undefined;
  let client: RedisClient | undefined;
  try {
    client = await RedisClient.open(addressOf(record.port, record.password), ANSWER_WITHIN_MS);
    await loaded(client);
    const found = await client.call(['CONFIG', 'GET', 'dir']);
    // A copied data folder brings the record of a server that works on the original.
    if (Array.isArray(found) && found[1] === dir) {
      await client.call(['CLIENT', 'SETNAME', USER_NAME]);
      return { client, record };
    }
  } catch (error) {
    client?.close();
    // Two servers on one append-only file would destroy it: silence is not taken for death.
    if (error instanceof NoAnswerError) throw silent(dir, record, error);
    return undefined;
  }
  client.close();
  return undefined;
}

/** Waits while the server reads its file: it answers every command with LOADING until then. */
async function loaded(client: RedisClient): Promise<void> {
  for (const deadline = Date.now() + LOAD_WITHIN_MS; ;) {
    try {
      await client.call(['PING'], ANSWER_WITHIN_MS);
      return;
    } catch (error) {
      const loading = error instanceof Error && error.message.startsWith('LOADING');
      if (!loading || Date.now() > deadline) throw error;
      await pause(LOADING_POLL_MS);
    }
  }
}

function silent(dir: string, { port }: InstanceRecord, cause: Error): UsageError {
  return new EnvironmentError(
    `The private Redis on port ${port} runs but does not answer.`,
    `Wait until it does, or end the process named in ${join(dir, PID_FILE)}, then run the same command again.`,
    { cause },
  );
}
