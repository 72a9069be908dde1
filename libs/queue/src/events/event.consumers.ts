import { StageError } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { askRedis } from '../redis.answer.js';
import { cursorExpired, fromPlain, readCursor, writeCursor } from './event.cursor.js';
import type { LogKeys } from './log.keys.js';
import { BEFORE } from './log.scripts.js';

/** Those whose names begin with it are the product's own. */
const RESERVED = '_';

/** KEYS: consumers, facts. ARGV: name, epoch, id, '1' to go back too, most that may be there ('' for any number). */
const SET = `${BEFORE}
local epoch = redis.call('hget', KEYS[2], 'epoch')
if epoch ~= ARGV[2] then return 'lost' end
local kept = redis.call('hget', KEYS[1], ARGV[1])
if not kept and ARGV[5] ~= '' then
  local others = 0
  for _, name in ipairs(redis.call('hkeys', KEYS[1])) do
    if string.sub(name, 1, 1) ~= '${RESERVED}' then others = others + 1 end
  end
  if others >= tonumber(ARGV[5]) then return 'full' end
end
if kept and ARGV[4] ~= '1' then
  local keptEpoch, keptId = string.match(kept, '^(%x+)%.(.+)$')
  if keptEpoch == epoch and not before(keptId, ARGV[3]) then return 'kept' end
end
redis.call('hset', KEYS[1], ARGV[1], ARGV[2] .. '.' .. ARGV[3])
return 'set'`;

export interface EventConsumer {
  readonly name: string;
  readonly cursor: string;
}

/** How far each consumer of a tenant's log has come, for those who do not keep it themselves. Lost with Redis. */
export class EventConsumers {
  constructor(
    private readonly redis: Redis,
    private readonly keys: LogKeys,
  ) {}

  /** Undefined for one who has not said yet. Its cursor may have expired since, which reading says. */
  async get(tenant: string, name: string): Promise<string | undefined> {
    const kept = await askRedis(this.redis, () => this.redis.hget(this.keys.consumers(tenant), name));
    return kept === null ? undefined : cursorOf(kept);
  }

  /**
   * Keeps the cursor if it is ahead of the one that is kept, or with `force` wherever it is. Resolves to whether it was
   * kept: acknowledgements that overtake each other never take a consumer back. With `most` no consumer is added to as
   * many others, beside those whose names begin with `_`.
   *
   * @throws StageError EVENTS.CURSOR_INVALID when it is none; EVENTS.CURSOR_EXPIRED when it is of a log that is gone;
   *   EVENTS.CONSUMERS_FULL when there are `most` others.
   */
  async set(
    tenant: string,
    name: string,
    cursor: string,
    { force = false, most }: { readonly force?: boolean; readonly most?: number } = {},
  ): Promise<boolean> {
    const { epoch, id } = readCursor(cursor);
    const keys = [this.keys.consumers(tenant), this.keys.facts(tenant)];
    const outcome = await askRedis(this.redis, () =>
      this.redis.eval(SET, keys.length, ...keys, name, epoch, id, force ? '1' : '0', most ?? ''),
    );
    if (outcome === 'lost') throw cursorExpired(tenant, 'lost');
    if (outcome === 'full') {
      throw new StageError('EVENTS.CONSUMERS_FULL', `The log of tenant ${tenant} has ${most ?? 0} consumers already.`);
    }
    return outcome === 'set';
  }

  /** By name. */
  async list(tenant: string): Promise<readonly EventConsumer[]> {
    const kept = await askRedis(this.redis, () => this.redis.hgetall(this.keys.consumers(tenant)));
    return Object.entries(kept)
      .map(([name, plain]) => ({ name, cursor: cursorOf(plain) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Resolves to whether there was one. */
  async delete(tenant: string, name: string): Promise<boolean> {
    return (await askRedis(this.redis, () => this.redis.hdel(this.keys.consumers(tenant), name))) === 1;
  }
}

function cursorOf(plain: string): string {
  const cursor = fromPlain(plain);
  if (cursor === undefined) throw new StageError('EVENTS.CURSOR_INVALID', 'A cursor that is kept in Redis is none.');
  return writeCursor(cursor);
}
