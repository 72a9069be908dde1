import { randomUUID } from 'node:crypto';
import { StageError } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { askRedis } from './redis.answer.js';

/** Takes the lease and its fencing token in one step, or tokens would not grow in the order of the holders. */
const TAKE = `
if not redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return nil end
local token, above = redis.call('incr', KEYS[2]), tonumber(ARGV[3])
if token > above then return token end
redis.call('set', KEYS[2], above + 1)
return above + 1`;

/** Both only while the lease is still ours (Redis documentation, "Distributed locks"). */
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** Wait between two attempts to take a lease, milliseconds; with jitter of half of it. */
const RETRY_MS = 25;

export interface RedisLeaseOptions {
  /** How long the lease of a holder that died is kept, in milliseconds. A living holder renews it. Default 10 000. */
  readonly leaseMs?: number;
}

export interface TakeOptions {
  /**
   * A token that was given out before, as the store remembers it: this one will be higher, also when Redis has lost its
   * count meanwhile. Default 0.
   */
  readonly above?: number;
}

type Work<T> = (fencingToken: number, signal: AbortSignal) => Promise<T>;

/**
 * One holder at a time for a named thing, across processes. The fencing token grows with every holder, so that a
 * store which checks it can refuse a holder who slept through his lease.
 */
export class RedisLease {
  private readonly leaseMs: number;

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    { leaseMs = 10_000 }: RedisLeaseOptions = {},
  ) {
    this.leaseMs = leaseMs;
  }

  /**
   * Runs `work` as the only holder of `name`; waits for the present holder. The signal aborts when the lease was
   * lost, because this process stood still or Redis was away for longer than the lease.
   *
   * @throws StageError QUEUE.LEASE_LOST when the lease was lost before `work` was done: another holder may have
   *   worked at the same time, so do it again.
   * @throws StageError QUEUE.UNAVAILABLE when Redis is away and the belt does not wait for it.
   */
  async with<T>(name: string, work: Work<T>, options: TakeOptions = {}): Promise<T> {
    for (;;) {
      const outcome = await this.tryWith(name, work, options);
      if (outcome.taken) return outcome.result;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * (0.5 + Math.random())));
    }
  }

  /** The same without waiting: `taken` is false, and `work` has not run, when somebody else is the holder now. */
  async tryWith<T>(
    name: string,
    work: Work<T>,
    { above = 0 }: TakeOptions = {},
  ): Promise<{ readonly taken: true; readonly result: T } | { readonly taken: false }> {
    const key = `${this.prefix}:lease:${name}`;
    const owner = randomUUID();
    const token = await this.take(key, owner, above);
    return token === undefined ? { taken: false } : { taken: true, result: await this.hold(name, owner, token, work) };
  }

  private async take(key: string, owner: string, above: number): Promise<number | undefined> {
    const token = await askRedis(this.redis, () =>
      this.redis.eval(TAKE, 2, key, `${this.prefix}:lease-token`, owner, this.leaseMs, above),
    );
    return typeof token === 'number' ? token : undefined;
  }

  private async hold<T>(name: string, owner: string, token: number, work: Work<T>): Promise<T> {
    const key = `${this.prefix}:lease:${name}`;
    const lost = new AbortController();
    const renewal = this.renew(key, owner, () =>
      lost.abort(new StageError('QUEUE.LEASE_LOST', `The lease on ${name} ended before the work under it.`)),
    );
    try {
      const result = await work(token, lost.signal);
      await renewal.stop();
      lost.signal.throwIfAborted();
      return result;
    } finally {
      await renewal.stop();
      // The lease ends by itself when Redis does not hear this.
      await this.redis.eval(RELEASE, 1, key, owner).catch(() => undefined);
    }
  }

  /** Renews thrice per lease. `stop` asks once more, so that a lease lost since the last renewal is noticed. */
  private renew(key: string, owner: string, onLost: () => void): { stop: () => Promise<void> } {
    let heldUntil = performance.now() + this.leaseMs;
    const check = async (): Promise<void> => {
      const asked = performance.now();
      const held = await this.redis.eval(RENEW, 1, key, owner, this.leaseMs).catch(() => undefined);
      if (held === 1) heldUntil = asked + this.leaseMs;
      // No answer is a loss only once the lease must have ended.
      else if (held === 0 || performance.now() > heldUntil) onLost();
    };
    const timer = setInterval(() => void check(), this.leaseMs / 3);
    let last: Promise<void> | undefined;
    return {
      stop: () => {
        clearInterval(timer);
        return (last ??= check());
      },
    };
  }
}
