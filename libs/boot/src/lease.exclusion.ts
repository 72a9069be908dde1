import type { RedisLease } from '@facelane/queue';
import { Exclusion } from '@facelane/registry';

/** One at a time by a lease in Redis. */
export class LeaseExclusion extends Exclusion {
  constructor(private readonly lease: RedisLease) {
    super();
  }

  override async with<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.lease.with(name, () => work());
  }
}
