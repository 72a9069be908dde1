import type { Redis } from 'ioredis';
import { askRedis } from '../redis.answer.js';

const KEPT_MS = 30 * 24 * 60 * 60_000;
const MOST_KEPT = 10_000;

/** Entries that are looked at in one step. */
const STEP = 500;
/** Entries that a page looks at, however few of them fit. */
const MOST_LOOKED_AT = 5_000;

/**
 * KEYS: stream. ARGV: most entries, oldest in milliseconds since 1970, milliseconds until it is forgotten, entries. One script,
 * since a command for each entry took a tenth of the time of a process that delivers.
 */
const APPEND = `
for at = 4, #ARGV do redis.call('xadd', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'entry', ARGV[at]) end
redis.call('xtrim', KEYS[1], 'MINID', '~', ARGV[2])
redis.call('pexpire', KEYS[1], ARGV[3])`;

export interface AttemptLogOptions {
  /** How long an entry is kept, in milliseconds. Default 30 days. */
  readonly keptMs?: number;
  /** Most entries that the log of a thing keeps, the oldest go first. Default 10 000. */
  readonly most?: number;
}

export interface AttemptsWish<T> {
  /** Behind this entry, which is older. Default: from the newest. */
  readonly after?: string | undefined;
  /** No older ones, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  readonly limit: number;
  readonly parse: (entry: unknown) => T;
  /** Only those. */
  readonly fits: (entry: T) => boolean;
}

export interface AttemptPage<T> {
  readonly items: readonly T[];
  /** Where the next page begins. Absent: there is none. The page may be short, even empty, with it. */
  readonly next?: string;
}

/**
 * What was tried with a thing and what came of it, newest first: a stream per thing, so many entries at most and for so
 * long. Who asks for few of many has the entries looked through, which the bound keeps cheap; an index would cost more
 * than the entries. Lost with Redis.
 */
export class AttemptLog {
  private readonly keptMs: number;
  private readonly most: number;

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    { keptMs = KEPT_MS, most = MOST_KEPT }: AttemptLogOptions = {},
  ) {
    this.keptMs = keptMs;
    this.most = most;
  }

  /** @throws StageError QUEUE.UNAVAILABLE when Redis does not answer, as reading does. */
  async append(thing: string, ...entries: readonly unknown[]): Promise<void> {
    if (entries.length === 0) return;
    const oldest = Date.now() - this.keptMs;
    const texts = entries.map((entry) => JSON.stringify(entry));
    await askRedis(this.redis, () =>
      this.redis.eval(APPEND, 1, this.keyOf(thing), this.most, oldest, this.keptMs, ...texts),
    );
  }

  async read<T>(thing: string, { after, sinceMs = 0, limit, parse, fits }: AttemptsWish<T>): Promise<AttemptPage<T>> {
    const key = this.keyOf(thing);
    const oldest = String(Math.max(sinceMs, Date.now() - this.keptMs));
    const items: T[] = [];
    let end = after === undefined ? '+' : `(${after}`;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += STEP) {
      const found = await askRedis(this.redis, () => this.redis.xrevrange(key, end, oldest, 'COUNT', STEP));
      for (const [id, [, text = '']] of found) {
        end = `(${id}`;
        const entry = parse(JSON.parse(text));
        if (!fits(entry)) continue;
        items.push(entry);
        if (items.length === limit) return { items, next: id };
      }
      if (found.length < STEP) return { items };
    }
    return { items, next: end.slice(1) };
  }

  /**
   * Deletes those entries of the thing of which `areToGo` says so, given some hundreds at a time, oldest first. Redis keeps
   * the bytes of a deleted entry until the rest of its node goes.
   */
  async deleteWhere<T>(
    thing: string,
    parse: (entry: unknown) => T,
    areToGo: (entries: readonly T[]) => Promise<(entry: T) => boolean>,
  ): Promise<void> {
    const key = this.keyOf(thing);
    for (let after = '-'; ;) {
      const found = await askRedis(this.redis, () => this.redis.xrange(key, after, '+', 'COUNT', STEP));
      const entries = found.map(([id, [, text = '']]) => ({ id, entry: parse(JSON.parse(text)) }));
      const isToGo = await areToGo(entries.map(({ entry }) => entry));
      const ids = entries.filter(({ entry }) => isToGo(entry)).map(({ id }) => id);
      if (ids.length > 0) await askRedis(this.redis, () => this.redis.xdel(key, ...ids));
      if (found.length < STEP) return;
      after = `(${found.at(-1)![0]}`;
    }
  }

  /** The thing is gone. */
  async delete(thing: string): Promise<void> {
    await askRedis(this.redis, () => this.redis.del(this.keyOf(thing)));
  }

  private keyOf(thing: string): string {
    return `${this.prefix}:attempts:${thing}`;
  }
}
