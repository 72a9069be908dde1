import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { askRedis } from './redis.answer.js';
import { seal, unseal } from './sealed.value.js';

/** An entry whose work neither finished nor was given up within this time belongs to a process that died. */
const RUNNING_MS = 2 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** KEYS: the entry. ARGV: fingerprint, milliseconds that a run may take, milliseconds that the entry lives. */
const BEGIN = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local entry = redis.call('hmget', KEYS[1], 'fingerprint', 'until', 'value')
if entry[1] and (entry[3] or tonumber(entry[2]) > now) then
  if entry[1] ~= ARGV[1] then return {'conflict'} end
  if entry[3] then return {'done', entry[3]} end
  return {'running'}
end
redis.call('hset', KEYS[1], 'fingerprint', ARGV[1], 'until', now + ARGV[2])
redis.call('pexpire', KEYS[1], ARGV[3])
return {'fresh'}`;

/** The first value stays: it was told to somebody. */
const FINISH = `if redis.call('exists', KEYS[1]) == 1 then redis.call('hsetnx', KEYS[1], 'value', ARGV[1]) end`;
const ABANDON = `if redis.call('hexists', KEYS[1], 'value') == 0 then redis.call('del', KEYS[1]) end`;

export type OnceOutcome =
  /** Nobody has done it: do it, then `finish` or `abandon`. */
  | { readonly outcome: 'fresh' }
  | { readonly outcome: 'running' }
  | { readonly outcome: 'done'; readonly value: unknown }
  /** The key was used for something else. */
  | { readonly outcome: 'conflict' };

export interface OnceStoreOptions {
  /** How long work may take before another may begin it anew, in milliseconds. Default 2 minutes. */
  readonly runningMs?: number;
}

/**
 * Work that is done once per key however often it is asked for, across processes, with its answer kept for a while.
 *
 * Answers may name people, and nothing that erases a person looks for them here. So they are sealed with the key, of
 * which Redis gets a digest only: who repeats the request reads the answer, who reads Redis does not.
 */
export class OnceStore {
  private readonly runningMs: number;

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    { runningMs = RUNNING_MS }: OnceStoreOptions = {},
  ) {
    this.runningMs = runningMs;
  }

  /**
   * Asks for the work. `fingerprint` says what is asked, so that a key is not used for two things; `ttlMs` is how long
   * the answer is kept, from now, in milliseconds, by default a day.
   *
   * @throws StageError QUEUE.UNAVAILABLE when Redis does not answer, as the others do.
   */
  async begin(key: string, fingerprint: string, ttlMs: number = DAY_MS): Promise<OnceOutcome> {
    const [outcome, sealed] = (await this.run(BEGIN, key, fingerprint, this.runningMs, ttlMs)) as [
      OnceOutcome['outcome'],
      string | undefined,
    ];
    return outcome === 'done' ? { outcome, value: valueOf(key, sealed) } : { outcome };
  }

  /** Keeps the answer: a small value of JSON, or undefined. */
  async finish(key: string, value: unknown): Promise<void> {
    await this.run(FINISH, key, value === undefined ? '' : seal(key, JSON.stringify(value)));
  }

  /** Lets another begin: the work was not done. */
  async abandon(key: string): Promise<void> {
    await this.run(ABANDON, key);
  }

  private async run(script: string, key: string, ...args: (string | number)[]): Promise<unknown> {
    const name = createHash('sha256').update(key).digest('hex');
    return askRedis(this.redis, () => this.redis.eval(script, 1, `${this.prefix}:once:${name}`, ...args));
  }
}

const valueOf = (key: string, sealed = ''): unknown => (sealed === '' ? undefined : JSON.parse(unseal(key, sealed)));
