import { Redis, type RedisOptions } from 'ioredis';
import { EnvironmentError } from '@facelane/contracts';

/** Where the queues live. */
export interface QueueConnection {
  /** `redis://` or `rediss://` URL. */
  readonly url: string;
  /** Every key starts with it. Default: `facelane`; on a Redis Cluster use `{facelane}`. */
  readonly prefix?: string;
}

export const DEFAULT_PREFIX = 'facelane';

export type ConnectionErrorListener = (error: Error) => void;

/**
 * Connection of a worker: waits for ever, so that a restart of Redis is a pause and not a failure
 * (BullMQ, "Going to production").
 */
export function connectWorker({ url }: QueueConnection, onError: ConnectionErrorListener): Redis {
  return connect(url, { maxRetriesPerRequest: null }, onError);
}

/** Connection of a producer: fails at once while Redis is away, so that the caller can tell his caller. */
export async function connectProducer({ url }: QueueConnection, onError: ConnectionErrorListener): Promise<Redis> {
  const redis = connect(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: true }, onError);
  // What connect() rejects with says only that it is closed; the first event says why.
  let why: Error | undefined;
  redis.once('error', (error: Error) => (why = error));
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new EnvironmentError(
      `Redis at ${hostOf(url)} does not answer (${reasonOf(why ?? error)}).`,
      'Start Redis or correct REDIS_URL; without REDIS_URL the standalone program starts one by itself.',
      { cause: error },
    );
  }
}

/** A command of a service that Redis has not answered by now has failed, in milliseconds. */
const ANSWER_MS = 5_000;

/**
 * Connection of a program that answers requests: it starts whether Redis is there or not, fails at once while Redis is
 * away, and does not wait for one that hangs.
 */
export function connectService({ url }: QueueConnection, onError: ConnectionErrorListener): Redis {
  return connect(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: ANSWER_MS }, onError);
}

/** A worker's own connection: closing it by force at the end of a shutdown must not cut off anybody else. */
export function duplicateForWorker(redis: Redis): Redis {
  const own = redis.duplicate({
    lazyConnect: false,
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    // It waits for jobs and for events in commands that block.
    commandTimeout: undefined,
  });
  // BullMQ reports them; this listener only keeps ioredis from printing those that come after its end.
  own.on('error', () => undefined);
  return own;
}

function connect(
  url: string,
  options: Pick<RedisOptions, 'maxRetriesPerRequest' | 'enableOfflineQueue' | 'lazyConnect' | 'commandTimeout'>,
  onError: ConnectionErrorListener,
): Redis {
  const redis = new Redis(url, {
    ...options,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 7), 5_000),
  });
  // Without a listener a lost connection would end the process; ioredis reconnects by itself.
  redis.on('error', onError);
  return redis;
}

/** A host with two addresses fails with an AggregateError, whose message is empty. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}

/** Host and port only: a URL may hold a password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the given address';
}
