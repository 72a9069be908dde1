import type { Redis } from 'ioredis';
import { duplicateForWorker } from '../redis.connection.js';
import { Bell } from './bell.js';

/**
 * Wakes those who wait for something to happen in Redis, however many they are, over one connection: whoever does it
 * publishes, and who waits subscribes to the channels that he waits for.
 *
 * Of logs of events the other way is one XREAD that blocks over their streams; it must be cut and begun anew whenever
 * somebody comes or goes, and may not span the slots of a cluster. What is published reaches only those who are
 * connected, so the bells of a channel ring whenever its subscription begins to hold, the first time and after every
 * reconnection: what happened before is found by the look after that ring, and what happens later rings.
 */
export class ChannelBells {
  private readonly bells = new Map<string, Set<Bell>>();
  private connection: Redis | undefined;
  private ended = false;

  constructor(private readonly redis: Redis) {}

  get closed(): boolean {
    return this.ended;
  }

  /** Does not wait for Redis: the bell rings when it can be relied on. */
  open(channel: string): Bell {
    const bell = new Bell();
    const others = this.bells.get(channel);
    this.bells.set(channel, (others ?? new Set()).add(bell));
    if (others === undefined) void this.subscribe(channel);
    return bell;
  }

  close(channel: string, bell: Bell): void {
    // Whoever still listens ends with it, and leaves no timer behind.
    bell.ring();
    const bells = this.bells.get(channel);
    bells?.delete(bell);
    if (bells?.size !== 0) return;
    this.bells.delete(channel);
    this.connection?.unsubscribe(channel).catch(() => undefined);
  }

  /** Rings every bell: nothing more will be heard. */
  end(): void {
    this.ended = true;
    this.connection?.disconnect();
    this.ring(...this.bells.keys());
  }

  private async subscribe(...channels: string[]): Promise<void> {
    if (channels.length === 0 || this.ended) return;
    try {
      await this.connected().subscribe(...channels);
      this.ring(...channels);
    } catch {
      // The connection broke: `ready` has it done again.
    }
  }

  private connected(): Redis {
    if (this.connection !== undefined) return this.connection;
    const own = duplicateForWorker(this.redis);
    own.on('message', (channel) => this.ring(channel));
    own.on('ready', () => void this.subscribe(...this.bells.keys()));
    return (this.connection = own);
  }

  private ring(...channels: string[]): void {
    for (const channel of channels) for (const bell of this.bells.get(channel) ?? []) bell.ring();
  }
}
