import { queueNameOf, type StageDeclaration } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { duplicateForWorker } from './redis.connection.js';

const channelOf = (prefix: string, stage: StageDeclaration): string => `${prefix}:urgent:${queueNameOf(stage)}`;

/**
 * Tells the workers of a stage that somebody waits for a job which has just been added. Nobody hears of it while all of
 * them are full or away: then the job is the next that they take.
 */
export function ringBell(redis: Redis, prefix: string, stage: StageDeclaration): void {
  void redis.publish(channelOf(prefix, stage), '').catch(() => undefined);
}

/** Hears the bell of one stage, on a connection of its own: Redis answers nothing else on one that listens. */
export class UrgentBell {
  private readonly redis: Redis;

  constructor(redis: Redis, prefix: string, stage: StageDeclaration, onRing: () => void) {
    this.redis = duplicateForWorker(redis);
    this.redis.on('message', onRing);
    // After a lost connection ioredis subscribes again by itself.
    void this.redis.subscribe(channelOf(prefix, stage)).catch(() => undefined);
  }

  close(): void {
    this.redis.disconnect();
  }
}
