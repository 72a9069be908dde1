/**
 * The keys of a tenant's log. Its braces put them into one slot of a Redis Cluster, which a script may not leave; where
 * the prefix has braces, those count, and everything is in one slot.
 */
export class LogKeys {
  constructor(private readonly prefix: string) {}

  /** Stream: the events in their order. */
  stream(tenant: string): string {
    return this.of(tenant, 'log');
  }

  /** Hash: id of each event in the stream, with the id of its entry. */
  ids(tenant: string): string {
    return this.of(tenant, 'ids');
  }

  /** Sorted set: ids of events that were deleted and are not taken back, by the milliseconds of their entries. */
  forgotten(tenant: string): string {
    return this.of(tenant, 'forgotten');
  }

  /** Hash: `epoch`, the name of this log; `trimmed`, the youngest entry that was trimmed away. */
  facts(tenant: string): string {
    return this.of(tenant, 'facts');
  }

  /** Hash: name of a consumer, with his cursor. */
  consumers(tenant: string): string {
    return this.of(tenant, 'consumers');
  }

  /** Channel: rings when the log has grown. */
  bell(tenant: string): string {
    return this.of(tenant, 'bell');
  }

  /** Set: tenants that have a log. */
  get tenants(): string {
    return `${this.prefix}:events:tenants`;
  }

  private of(tenant: string, name: string): string {
    return `${this.prefix}:events:{${tenant}}:${name}`;
  }
}
