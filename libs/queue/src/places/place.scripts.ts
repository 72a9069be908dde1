/** What both scripts begin with: the clock of Redis, in whole milliseconds. */
const NOW = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** Facts that nobody has asked for so long are forgotten, in milliseconds. */
const FORGET_MS = 24 * 60 * 60_000;

/**
 * KEYS: holders (sorted set: token by the time when it is given up for dead), facts (hash), ids that the log of events has
 * forgotten (sorted set; absent: none).
 * ARGV: token, most at a time, most per second or 0, milliseconds until a holder is given up, whether there is room: 'any',
 * 'trusted' or 'none', fewest that come back per second, id of the event that it is about.
 *
 * \`window\`: how many may be under way after trouble; absent: as many as may. \`till\`: nobody begins before. \`due\`: when
 * the next may begin by the rate. \`took\`: milliseconds of an attempt, on average. \`slot\`: when the last of those that
 * were put back comes again.
 *
 * Those that come back do so at twice the pace at which they can be served, so that no place stays empty and a backlog
 * costs no more than that, however long it is. An attempt that is under way for longer than they take on average says that
 * the pace is slower now: a thing that hangs is known by that long before its attempts are given up.
 */
export const TAKE = `${NOW}
if KEYS[3] and redis.call('zscore', KEYS[3], ARGV[7]) then return {-1, 0} end
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
local facts = redis.call('hmget', KEYS[2], 'window', 'till', 'due', 'took', 'slot')
local most, rate = tonumber(ARGV[2]), tonumber(ARGV[3])
local window = math.min(most, tonumber(facts[1] or most))
local till, due = tonumber(facts[2] or 0), tonumber(facts[3] or 0)
local suspected = facts[1] and window == 1
local room = ARGV[5] == 'any' or (ARGV[5] == 'trusted' and not suspected)
redis.call('pexpire', KEYS[2], ${FORGET_MS})
if room and till <= now and due <= now and redis.call('zcard', KEYS[1]) < window then
  redis.call('zadd', KEYS[1], now + tonumber(ARGV[4]), ARGV[1])
  redis.call('pexpire', KEYS[1], ARGV[4])
  if rate > 0 then
    redis.call('hset', KEYS[2], 'due', math.max(now, due) + math.ceil(1000 / rate))
    redis.call('pexpire', KEYS[2], ${FORGET_MS})
  end
  return {1, suspected and 1 or 0}
end
local oldest = redis.call('zrange', KEYS[1], 0, 0, 'withscores')[2]
local age = oldest and now - (tonumber(oldest) - tonumber(ARGV[4])) or 0
local pace = math.max(1, redis.call('zcard', KEYS[1])) * 1000 / math.max(1, tonumber(facts[4] or 250), age)
if rate > 0 then pace = math.min(pace, rate) end
local step = 1000 / math.max(tonumber(ARGV[6]), 2 * pace)
local slot = math.max(now, till, tonumber(facts[5] or 0)) + step
redis.call('hset', KEYS[2], 'slot', string.format('%.3f', slot))
redis.call('pexpire', KEYS[2], ${FORGET_MS})
return {0, math.ceil(slot - now)}`;

/**
 * KEYS: as TAKE. ARGV: token, how it went, milliseconds that it took, milliseconds that nobody is to begin, most at a time.
 */
export const LEAVE = `${NOW}
redis.call('zrem', KEYS[1], ARGV[1])
local how, took, most = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[5])
if how == 'none' then return end
local facts = redis.call('hmget', KEYS[2], 'window', 'took')
local before = tonumber(facts[2] or took)
redis.call('hset', KEYS[2], 'took', math.ceil(0.8 * before + 0.2 * took))
if how == 'hung' or how == 'busy' then
  redis.call('hset', KEYS[2], 'window', 1)
elseif how == 'well' and facts[1] then
  local window = tonumber(facts[1]) + 1
  if window >= most then redis.call('hdel', KEYS[2], 'window') else redis.call('hset', KEYS[2], 'window', window) end
end
if tonumber(ARGV[4]) > 0 then redis.call('hset', KEYS[2], 'till', now + tonumber(ARGV[4])) end
redis.call('pexpire', KEYS[2], ${FORGET_MS})`;
