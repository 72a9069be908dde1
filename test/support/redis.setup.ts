import { UsageError } from '@facelane/contracts';
import { findRedisServer, thisSystem } from '@facelane/local-redis';

/** Brings the Redis server once, before test files in several processes would each try to install it. */
export async function setup(): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    await findRedisServer(thisSystem, { info: say, warn: say }, true);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Most rooms need none; the tests of the others fail by themselves.
    say(`${error.message} ${error.remedy}`);
  }
}
