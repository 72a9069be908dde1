import { EnvironmentError, UsageError } from '@facelane/contracts';
import { parseRedisUrl, RedisClient } from './client/redis.client.js';
import { readFacts, requireVersion, warningsOf } from './client/server.facts.js';
import type { RedisLog } from './redis.log.js';

const CONNECT_WITHIN_MS = 5_000;

/**
 * Looks at a Redis that somebody else runs: answers, is new enough, and is set up so that it loses no jobs.
 *
 * @throws UsageError that names host and port, never the password.
 */
export async function checkGivenRedis(url: string, log: RedisLog): Promise<void> {
  const address = parseRedisUrl(url);
  const subject = `Redis at ${address.host}:${address.port}`;
  try {
    const client = await RedisClient.open(address, CONNECT_WITHIN_MS);
    try {
      await client.call(['PING'], CONNECT_WITHIN_MS);
      const facts = await readFacts(client);
      requireVersion(subject, facts.version);
      for (const warning of warningsOf(subject, facts)) log.warn(warning);
    } finally {
      client.close();
    }
  } catch (error) {
    throw error instanceof UsageError ? error : explain(subject, error);
  }
}

function explain(subject: string, error: unknown): UsageError {
  const reason = error instanceof Error ? error.message : String(error);
  if (/^(?:NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(reason)) {
    return new UsageError(
      `${subject} refuses the user or password.`,
      'Correct REDIS_URL, for example redis://:password@host:6379.',
      { cause: error },
    );
  }
  return new EnvironmentError(
    `${subject} does not answer (${reason}).`,
    'Start it or correct REDIS_URL; without REDIS_URL a private Redis is started.',
    { cause: error },
  );
}
