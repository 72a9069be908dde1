import { findRedisServer } from './install/redis.binary.js';
import { thisSystem } from './install/system.js';
import { checkGivenRedis } from './given.redis.js';
import { PrivateRedis } from './private.redis.js';
import type { RedisLog } from './redis.log.js';

export interface EnsureRedisOptions {
  /** A Redis that somebody else runs; when absent a private one is found or started. */
  readonly url?: string | undefined;
  /** The private one keeps its data in `<dataDir>/redis`. */
  readonly dataDir: string;
  readonly log: RedisLog;
  /** Whether a missing redis-server may be installed with apt-get. Default false. */
  readonly allowInstall?: boolean;
}

export interface EnsuredRedis {
  /** Holds the password of a private Redis: not for logs. */
  readonly url: string;
  readonly origin: 'given' | 'started' | 'reused';
  /** Leaves it. A private one is shut down by its last user; a given one is not touched. */
  readonly stop: () => Promise<void>;
}

/**
 * A Redis to work with: the given one after a check, else a private one of this machine.
 *
 * @throws UsageError that says what to install, start or correct.
 */
export async function ensureRedis(options: EnsureRedisOptions): Promise<EnsuredRedis> {
  const { url, dataDir, log, allowInstall = false } = options;
  if (url !== undefined) {
    await checkGivenRedis(url, log);
    return { url, origin: 'given', stop: () => Promise.resolve() };
  }
  const redis = await PrivateRedis.take(dataDir, () => findRedisServer(thisSystem, log, allowInstall), log);
  return { url: redis.url, origin: redis.origin, stop: () => redis.stop() };
}
