import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Deletes the lease only while it is still ours (Redis documentation, "Distributed locks"). */
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;

/** Time a holder has. Longer than any single document update, short enough to outlive a crash unnoticed. */
const LEASE_MS = 10_000;
const RETRY_MS = 25;

/**
 * One holder at a time for a named thing, across processes. The fencing token grows with every holder, so that a
 * store which checks it can refuse a holder who slept through his lease.
 */
export class RedisLease {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Runs `work` as the only holder of `name`; waits for the present holder. */
  async with<T>(name: string, work: (fencingToken: number) => Promise<T>): Promise<T> {
    const key = `${this.prefix}:lease:${name}`;
    const owner = randomUUID();
    while ((await this.redis.set(key, owner, 'PX', LEASE_MS, 'NX')) === null) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * (0.5 + Math.random())));
    }
    try {
      return await work(await this.redis.incr(`${this.prefix}:lease-token`));
    } finally {
      await this.redis.eval(RELEASE, 1, key, owner);
    }
  }
}
