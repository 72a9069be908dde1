import { StageError } from '@facelane/contracts';
import type { Redis } from 'ioredis';

/** What ioredis and BullMQ say when it is the connection that failed, and not the command. */
const CONNECTION_MESSAGES: ReadonlySet<string> = new Set([
  'Connection is closed.',
  'Command timed out',
  "Stream isn't writeable and enableOfflineQueue options is false",
]);

/** Whether a failure says that Redis could not be reached, as opposed to what it answered. */
export function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'MaxRetriesPerRequestError' || CONNECTION_MESSAGES.has(error.message)) return true;
  return 'code' in error && /^E[A-Z]+$/.test(String(error.code));
}

/**
 * Runs commands for somebody who must be told when Redis is away. A connection that waits, as a worker's does, waits
 * here too.
 *
 * @throws StageError QUEUE.UNAVAILABLE at once when the connection does not wait and there is none, or when it breaks.
 */
export async function askRedis<T>(redis: Redis, ask: () => Promise<T>): Promise<T> {
  // BullMQ itself waits for the first connection, whatever the options say.
  if (redis.options.enableOfflineQueue === false && redis.status !== 'ready') throw unavailable();
  try {
    return await ask();
  } catch (error) {
    throw isConnectionTrouble(error) ? unavailable(error) : error;
  }
}

const unavailable = (cause?: unknown): StageError =>
  new StageError('QUEUE.UNAVAILABLE', 'Redis does not answer.', { cause });
