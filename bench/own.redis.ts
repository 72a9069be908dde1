import { rm } from 'node:fs/promises';
import { ensureRedis } from '@facelane/local-redis';
import { createLogger } from '@facelane/telemetry';

/** Runs one part with a folder and a Redis of its own, so that none finds what another left. */
export async function withOwnRedis<T>(
  dataDir: string,
  part: (dataDir: string, redisUrl: string) => Promise<T>,
): Promise<T> {
  const log = createLogger({ level: 'warn', format: 'pretty' });
  const redis = await ensureRedis({ dataDir, log, allowInstall: true });
  try {
    return await part(dataDir, redis.url);
  } finally {
    await redis.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
