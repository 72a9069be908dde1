import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findRedisServer,
  startServer,
  startServerOn,
  thisSystem,
  urlOf,
  type RunningServer,
} from '@facelane/local-redis';

export interface TestRedis {
  /** Stays the same over a restart. */
  readonly url: string;
  /** Folder of its append-only file. */
  readonly dataDir: string;
  /** Ends the server and removes its data. */
  readonly stop: () => Promise<void>;
  /** The crash: nothing is flushed, every connection breaks. */
  readonly kill9: () => Promise<void>;
  /** Starts it again on the same port with the data that it had on disk; kills it first when it runs. */
  readonly restart: () => Promise<void>;
}

/** A Redis server of the test's own: real, empty, with an append-only file in a folder that goes with it. */
export async function startRedis(): Promise<TestRedis> {
  const log = { info: () => undefined, warn: () => undefined };
  const binary = await findRedisServer(thisSystem, log, true);
  const dir = await mkdtemp(join(tmpdir(), 'facelane-redis-'));
  const options = { binary, dir, password: randomBytes(12).toString('hex'), detached: false };
  let server: RunningServer = await startServer(options);
  const { port } = server;
  const kill9 = async (): Promise<void> => {
    const child = server.process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Else nothing keeps a program alive that waits for this alone.
    child.ref();
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  // A test run that ends early takes its server along.
  const onExit = (): void => void server.process.kill('SIGKILL');
  process.once('exit', onExit);
  return {
    url: urlOf(port, options.password),
    dataDir: dir,
    kill9,
    restart: async () => {
      await kill9();
      server = await startServerOn(port, options);
    },
    stop: async () => {
      process.off('exit', onExit);
      await kill9();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
