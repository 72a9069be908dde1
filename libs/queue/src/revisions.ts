import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { askRedis } from './redis.answer.js';

/**
 * Names of how things are at the moment. Whoever changes a thing gives it another name afterwards; whoever remembers it under the
 * name that it had when he asked, and asks for the name before he uses what he remembers, never uses something out of date.
 */
export class Revisions {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Empty for what was never changed. @throws StageError QUEUE.UNAVAILABLE when Redis does not answer. */
  async of(thing: string): Promise<string> {
    return (await askRedis(this.redis, () => this.redis.get(this.key(thing)))) ?? '';
  }

  /**
   * Not a number that grows: one that begins anew, with a Redis that was lost, would come back to what somebody remembers.
   *
   * @throws StageError QUEUE.UNAVAILABLE when Redis does not answer.
   */
  async changed(thing: string): Promise<void> {
    await askRedis(this.redis, () => this.redis.set(this.key(thing), randomUUID()));
  }

  private key(thing: string): string {
    return `${this.prefix}:revisions:${thing}`;
  }
}
