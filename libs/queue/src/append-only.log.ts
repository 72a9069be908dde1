import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';

const LOOK_EVERY_MS = 50;
const MOST_LOOKS = 200;

/**
 * Has Redis write its append-only file anew. Until then the file keeps every command since the last rewrite, and with
 * them the data of jobs that were removed. Resolves to whether it is done: a managed server may not permit the command,
 * and one without such a file has nothing to do.
 */
export async function rewriteAppendOnlyLog(redis: Redis): Promise<boolean> {
  const facts = await persistence(redis);
  if (facts.get('aof_enabled') !== '1') return true;
  try {
    await redis.call('BGREWRITEAOF');
  } catch {
    return false;
  }
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    await sleep(LOOK_EVERY_MS);
    const now = await persistence(redis);
    const isRunning = now.get('aof_rewrite_in_progress') === '1' || now.get('aof_rewrite_scheduled') === '1';
    if (!isRunning) return now.get('aof_last_bgrewrite_status') === 'ok';
  }
  return false;
}

async function persistence(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const lines = (await redis.info('persistence')).split('\r\n');
  return new Map(lines.map((line) => line.split(':')).map(([name = '', value = '']) => [name, value]));
}
