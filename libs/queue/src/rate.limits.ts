import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { askRedis } from './redis.answer.js';

/** The window in which points are counted, in seconds; it begins with the first point. */
const WINDOW_S = 60;

export interface RateLimit {
  /** Whether this point was within the limit. */
  readonly allowed: boolean;
  /** Points per minute. */
  readonly limit: number;
  /** Points left in this window, at least 0. */
  readonly remaining: number;
  /** Seconds until the window ends, rounded up. */
  readonly resetSeconds: number;
}

/** How often somebody may do a thing, counted across processes. */
export class RateLimits {
  private readonly limiter: RateLimiterRedis;

  constructor(
    private readonly redis: Redis,
    prefix: string,
  ) {
    this.limiter = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `${prefix}:rate`,
      // Counts only: the limit is the caller's, and may be another one for every key.
      points: Number.MAX_SAFE_INTEGER,
      duration: WINDOW_S,
    });
  }

  /**
   * Takes one point of `key`. A refused point counts as well.
   *
   * @throws StageError QUEUE.UNAVAILABLE when Redis does not answer.
   */
  async consume(key: string, pointsPerMinute: number): Promise<RateLimit> {
    const { consumedPoints, msBeforeNext } = await askRedis(this.redis, () => this.limiter.consume(key));
    return {
      allowed: consumedPoints <= pointsPerMinute,
      limit: pointsPerMinute,
      remaining: Math.max(0, pointsPerMinute - consumedPoints),
      resetSeconds: Math.ceil(msBeforeNext / 1_000),
    };
  }
}
