import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, RedisLease } from '@facelane/queue';
import type { TenantFollower } from './tenant.follower.js';

/** Soon enough for new tenants, and for those of a process that died. */
const LOOK_MS = 1_000;

export interface DispatcherParts {
  readonly log: Pick<EventLog, 'tenants'>;
  readonly lease: Pick<RedisLease, 'tryWith'>;
  readonly follower: Pick<TenantFollower, 'follow'>;
  /** Told why a log is not followed for the moment; it is taken up again. */
  readonly onTrouble: (error: unknown, tenant?: string) => void;
  /** How often it is looked for logs that nobody follows, in milliseconds. Default 1 000. */
  readonly lookMs?: number;
}

/**
 * Follows the logs of all tenants, beside any number of other processes: each log is followed by the one that holds the
 * lease on it, and taken over when that one is not heard of any more.
 */
export class EventDispatcher {
  private readonly stopping = new AbortController();
  private readonly followed = new Map<string, Promise<void>>();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: DispatcherParts) {}

  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Adds nothing any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.followed.values());
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for (const tenant of await this.parts.log.tenants()) this.take(tenant, signal);
      } catch (error) {
        this.report(error);
      }
      await sleep(this.parts.lookMs ?? LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private take(tenant: string, signal: AbortSignal): void {
    if (signal.aborted || this.followed.has(tenant)) return;
    const { lease, follower } = this.parts;
    const following = lease
      .tryWith(`dispatch:${tenant}`, (_token, lost) => follower.follow(tenant, AbortSignal.any([signal, lost])))
      .then(
        () => undefined,
        (error: unknown) => this.report(error, tenant),
      )
      .finally(() => this.followed.delete(tenant));
    this.followed.set(tenant, following);
  }

  private report(error: unknown, tenant?: string): void {
    if (!this.stopping.signal.aborted) this.parts.onTrouble(error, tenant);
  }
}
