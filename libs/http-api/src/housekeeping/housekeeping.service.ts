import type { RedisLease } from '@facelane/queue';
import type { Logger } from '@facelane/telemetry';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Something that is to be done now and then, by one process at a time. */
export interface Chore {
  /** For the log, and the name of its lease. */
  readonly name: string;
  /** Pause between two rounds, milliseconds. */
  readonly everyMs: number;
  /** Resolves to how many things were tidied away. */
  readonly run: () => Promise<number>;
}

/**
 * Runs chores while the program is up. A failed one is logged and tried again next time: what it tidies is still there
 * then.
 */
export class Housekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly chores: readonly Chore[],
    private readonly lease: Pick<RedisLease, 'tryWith'>,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const chore of this.chores) {
      // Half a round of jitter: processes that start together do not all begin together.
      const timer = setInterval(() => this.start(chore), chore.everyMs * (0.75 + Math.random() / 2));
      timer.unref();
      this.timers.add(timer);
    }
  }

  /** Waits for what runs: the stores close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.running);
  }

  private start(chore: Chore): void {
    const round = this.round(chore);
    this.running.add(round);
    void round.finally(() => this.running.delete(round));
  }

  private async round({ name, run }: Chore): Promise<void> {
    try {
      // Who finds it being done has nothing to do, and nothing to wait for when it is asked to stop.
      const round = await this.lease.tryWith(`chore:${name}`, () => run());
      if (round.taken && round.result > 0) this.log.info({ chore: name, tidied: round.result }, 'tidied up');
    } catch (error) {
      this.log.warn({ chore: name, err: error }, 'a chore failed and is tried again later');
    }
  }
}
