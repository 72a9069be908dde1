import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { askRedis } from '../redis.answer.js';
import { LogKeys } from '../events/log.keys.js';
import { LEAVE, TAKE } from './place.scripts.js';

/** However slow a thing is, so many of those that wait for it come back per second to see. */
const FEWEST_BACK_PER_SECOND = 20;

export interface PlaceWish {
  /** Most under way at a time. */
  readonly most: number;
  /** Most that begin per second. Default: no limit. */
  readonly perSecond?: number | undefined;
  /** After so many milliseconds a holder that is not heard of has given up its place. */
  readonly holdMs: number;
  /** Whether the caller has room: for `any`, for what is not under suspicion, or for `none`. */
  readonly room: 'any' | 'trusted' | 'none';
  /** What is begun tells of this event: nobody begins once the log has forgotten it. Default: of none. */
  readonly event?: { readonly tenant: string; readonly id: string };
}

/**
 * How it went. `well`: confidence grows by one place. `badly`: nothing changes. `hung`: no answer came, so one at a time
 * until it goes well. `busy`: too much was asked of it, the same. `none`: nothing was tried.
 */
export type PlaceEnd = 'well' | 'badly' | 'hung' | 'busy' | 'none';

export interface Place {
  /** Only one at a time is under way there, for want of confidence. */
  readonly suspected: boolean;
  /** @param pauseMs nobody begins for so long, in milliseconds. */
  readonly leave: (how: PlaceEnd, tookMs: number, pauseMs?: number) => Promise<void>;
}

const answerSchema = z.tuple([z.int(), z.int()]);

/** Who may begin with a thing that takes so many at a time, and so many a second, across processes. */
export class Places {
  private readonly log: LogKeys;

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {
    this.log = new LogKeys(prefix);
  }

  /**
   * A place, or when to ask again in milliseconds; undefined when there is nothing to begin with any more. Those who ask again are spread, so that a long line of them costs as
   * little per second as a short one.
   *
   * @throws StageError QUEUE.UNAVAILABLE when Redis does not answer.
   */
  async take(thing: string, wish: PlaceWish): Promise<Place | { readonly afterMs: number } | undefined> {
    const { most, perSecond = 0, holdMs, room, event } = wish;
    const token = randomUUID();
    const keys = ['holders', 'facts'].map((name) => `${this.prefix}:places:{${thing}}:${name}`);
    // In the script that runs anyway: what an erasure took back costs no request more to see.
    const all = event === undefined ? keys : [...keys, this.log.forgotten(event.tenant)];
    const asked = [token, most, perSecond, holdMs, room, FEWEST_BACK_PER_SECOND, event?.id ?? ''];
    const [taken, more] = answerSchema.parse(
      await askRedis(this.redis, () => this.redis.eval(TAKE, all.length, ...all, ...asked)),
    );
    if (taken === -1) return undefined;
    if (taken === 0) return { afterMs: Math.max(1, more) };
    return {
      suspected: more === 1,
      leave: async (how, tookMs, pauseMs = 0) => {
        const args = [token, how, Math.max(1, Math.round(tookMs)), Math.round(pauseMs), most];
        await askRedis(this.redis, () => this.redis.eval(LEAVE, keys.length, ...keys, ...args));
      },
    };
  }
}
