import type { Logger } from '@facelane/telemetry';

/**
 * Says once that Redis is away and once that it is back: the connection itself reports every attempt, which would
 * bury everything else in the log.
 */
export class RedisOutage {
  private away = false;
  private readonly redis: string;

  constructor(
    url: string,
    private readonly log: Logger,
  ) {
    // Host and port only: a URL may hold a password.
    this.redis = new URL(url).host;
  }

  report(error: Error): void {
    const reason = error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
    if (this.away) this.log.debug({ redis: this.redis, reason }, 'Redis is still away');
    else this.log.warn({ redis: this.redis, reason }, 'waiting for Redis: it does not answer');
    this.away = true;
  }

  over(): void {
    if (this.away) this.log.info({ redis: this.redis }, 'Redis answers again');
    this.away = false;
  }
}
