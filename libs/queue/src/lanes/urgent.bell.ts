import { queueNameOf, type StageDeclaration } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import type { Bell } from '../bells/bell.js';
import type { ChannelBells } from '../bells/channel.bells.js';

/** Looks even without a ring, for one that was lost. In milliseconds. */
const LOOK_MS = 10_000;

const channelOf = (prefix: string, stage: StageDeclaration): string => `${prefix}:urgent:${queueNameOf(stage)}`;

/**
 * Tells the workers of a stage that somebody waits for a job which has just been added. Nobody hears of it while all of
 * them are full or away: then the job is the next that they take.
 */
export function ringUrgent(redis: Redis, prefix: string, stage: StageDeclaration): void {
  void redis.publish(channelOf(prefix, stage), '').catch(() => undefined);
}

/** Calls back whenever somebody waits for a job of the stage, until it is closed. */
export class UrgentBell {
  private readonly channel: string;
  private readonly bell: Bell;
  private closed = false;

  constructor(
    private readonly bells: ChannelBells,
    prefix: string,
    stage: StageDeclaration,
    private readonly onRing: () => void,
  ) {
    this.channel = channelOf(prefix, stage);
    this.bell = bells.open(this.channel);
    void this.listen();
  }

  close(): void {
    this.closed = true;
    this.bells.close(this.channel, this.bell);
  }

  private async listen(): Promise<void> {
    for (;;) {
      await this.bell.heard(LOOK_MS);
      if (this.closed || this.bells.closed) return;
      this.onRing();
    }
  }
}
