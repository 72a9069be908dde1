import type { Redis } from 'ioredis';
import { z } from 'zod';
import { askRedis } from '../redis.answer.js';
import type { LogKeys } from './log.keys.js';

/** Entries that a script looks at, and reads the bodies of; a page of the log looks at as many. */
const STEP = 500;

/**
 * A step of forgetting: deletes the entries of which the body has one of the texts in it. Their ids stay known until
 * they are so old that the log would have dropped them, so that none is taken back.
 *
 * KEYS: stream, forgotten. ARGV: id to look behind, most entries to look at, how many types are spared, these types,
 * then the texts. Returns the id of the last entry that was looked at, '' at the end of the log, and how many it deleted.
 */
const FORGET = `
local after, spared, deleted = '', {}, 0
for i = 4, 3 + tonumber(ARGV[3]) do spared[ARGV[i]] = true end
local entries = redis.call('xrange', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
for _, entry in ipairs(entries) do
  local fields = entry[2]
  local names = false
  if not spared[fields[4]] then
    for i = 4 + tonumber(ARGV[3]), #ARGV do
      if string.find(fields[8], ARGV[i], 1, true) then names = true break end
    end
  end
  if names then
    redis.call('zadd', KEYS[2], string.match(entry[1], '^%d+'), fields[2])
    redis.call('xdel', KEYS[1], entry[1])
    deleted = deleted + 1
  end
  after = entry[1]
end
return {#entries < tonumber(ARGV[2]) and '' or after, deleted}`;

export interface Forgetting {
  /** Events are forgotten whose bodies have one of these in them. */
  readonly texts: readonly string[];
  /** Apart from those of these types. */
  readonly sparing?: readonly string[];
}

/** Deletes from the log of a tenant. An entry of a stream cannot be changed, so what it tells besides goes with it. */
export class EventForgetting {
  constructor(
    private readonly redis: Redis,
    private readonly keys: LogKeys,
  ) {}

  /** Resolves to how many events were deleted. What is appended meanwhile is looked at too. */
  async forget(tenant: string, { texts, sparing = [] }: Forgetting): Promise<number> {
    if (texts.length === 0) return 0;
    const keys = [this.keys.stream(tenant), this.keys.forgotten(tenant)];
    let deleted = 0;
    for (let after = '0-0'; after !== '';) {
      const asked = [after, STEP, sparing.length, ...sparing, ...texts];
      const answer = await askRedis(this.redis, () => this.redis.eval(FORGET, keys.length, ...keys, ...asked));
      const [next, count] = z.tuple([z.string(), z.int()]).parse(answer);
      deleted += count;
      after = next;
    }
    return deleted;
  }
}
