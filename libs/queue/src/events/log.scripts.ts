/**
 * Ids of entries, `<milliseconds>-<number>`, compared as the stream orders them. They are by Redis' clock, and the
 * stream never gives one that is not above its last, whatever the clock does.
 */
export const BEFORE = `
local function parts(id)
  local ms, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(number)
end
local function before(a, b)
  local ams, anumber = parts(a)
  local bms, bnumber = parts(b)
  return ams < bms or (ams == bms and anumber < bnumber)
end`;

/** Written only where it is missing: a Redis whose memory is full still answers readers. */
const EPOCH = `
local function epochOf(facts, fresh)
  local epoch = redis.call('hget', facts, 'epoch')
  if epoch then return epoch end
  redis.call('hset', facts, 'epoch', fresh)
  return fresh
end`;

/**
 * Drops the oldest events that are too old or too many, at most \`most\`, and forgets their ids with them. Exact, and
 * not XTRIM's approximate way: that does not say which entries it dropped, so their ids would stay. The ids
 * of deleted events go at the age at which these would have been dropped.
 */
const DROP = `
local function drop(stream, ids, facts, forgotten, retention, max, most)
  local time = redis.call('time')
  local cutoff = time[1] * 1000 + math.floor(time[2] / 1000) - retention
  local stale = redis.call('zrangebyscore', forgotten, '-inf', '(' .. cutoff, 'LIMIT', 0, most)
  if #stale > 0 then
    redis.call('hdel', ids, unpack(stale))
    redis.call('zrem', forgotten, unpack(stale))
  end
  local length = redis.call('xlen', stream)
  local function isDue(entry, dropped) return dropped < length - max or parts(entry[1]) < cutoff end
  local oldest = redis.call('xrange', stream, '-', '+', 'COUNT', 1)
  if #oldest == 0 or not isDue(oldest[1], 0) then return 0 end
  local dropped, last = 0, nil
  for _, entry in ipairs(redis.call('xrange', stream, '-', '+', 'COUNT', most)) do
    if not isDue(entry, dropped) then break end
    redis.call('hdel', ids, entry[2][2])
    dropped, last = dropped + 1, entry[1]
  end
  redis.call('hset', facts, 'trimmed', last)
  redis.call('xtrim', stream, 'MAXLEN', '=', length - dropped)
  return dropped
end`;

/** Events dropped by an append beyond twice those it added, so that the log gets down to its bounds again. */
const SLACK = 20;

/**
 * Adds the events that are not there yet, in the order of the arguments. Every entry has the same fields, in the same
 * order: then the stream keeps their names once per node. Who rings may be forbidden to, by the rights of his user;
 * those who wait find out a little later then.
 *
 * KEYS: stream, ids, facts, forgotten. ARGV: a fresh epoch, retention, most events, bell, then id, type, collection and body of
 * each. Returns which were new, counted from 0.
 */
export const APPEND = `${BEFORE}${EPOCH}${DROP}
local stream, ids, facts = KEYS[1], KEYS[2], KEYS[3]
epochOf(facts, ARGV[1])
local added = {}
for i = 5, #ARGV, 4 do
  if redis.call('hexists', ids, ARGV[i]) == 0 then
    local at = redis.call('xadd', stream, '*',
      'id', ARGV[i], 'type', ARGV[i + 1], 'collection', ARGV[i + 2], 'body', ARGV[i + 3])
    redis.call('hset', ids, ARGV[i], at)
    added[#added + 1] = (i - 5) / 4
  end
end
if #added > 0 then redis.pcall('publish', ARGV[4], '') end
drop(stream, ids, facts, KEYS[4], tonumber(ARGV[2]), tonumber(ARGV[3]), 2 * #added + ${SLACK})
return added`;

/** KEYS as above. ARGV: retention, most events, most to drop. Returns how many it dropped. */
export const TRIM = `${BEFORE}${DROP}
return drop(KEYS[1], KEYS[2], KEYS[3], KEYS[4], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))`;

/**
 * A step of a page: looks at the next entries and returns those that are asked for.
 *
 * A cursor above the last entry is one of an entry that a crash took back: Redis writes its file to the disk once per
 * second. It goes on at the end there is now.
 *
 * KEYS: stream, facts. ARGV: a fresh epoch, epoch ('' without a cursor) and id of the cursor, most entries to look at,
 * most to return, collection ('' for all), then types. Returns {'lost'}, {'trimmed'}, or {'read', epoch, id of the last
 * entry that was looked at, 1 at the end of the log, entries}.
 */
export const READ = `${BEFORE}${EPOCH}
local stream, facts = KEYS[1], KEYS[2]
local epoch, after, collection = epochOf(facts, ARGV[1]), ARGV[3], ARGV[6]
local trimmed = redis.call('hget', facts, 'trimmed') or '0-0'
if ARGV[2] == '' then after = trimmed
elseif ARGV[2] ~= epoch then return {'lost'}
elseif before(after, trimmed) then return {'trimmed'} end
local tail = redis.call('xrevrange', stream, '+', '-', 'COUNT', 1)[1]
local last = tail and tail[1] or trimmed
if before(last, after) then after = last end
local types = {}
for i = 7, #ARGV do types[ARGV[i]] = true end
local found = {}
for _, entry in ipairs(redis.call('xrange', stream, '(' .. after, '+', 'COUNT', ARGV[4])) do
  local fields = entry[2]
  after = entry[1]
  if (#ARGV < 7 or types[fields[4]]) and (collection == '' or fields[6] == collection) then
    found[#found + 1] = {after, fields[2], fields[4], fields[6], fields[8]}
    if #found == tonumber(ARGV[5]) then break end
  end
end
return {'read', epoch, after, after == last and 1 or 0, found}`;

/**
 * The cursor behind the last event.
 *
 * KEYS: stream, facts. ARGV: a fresh epoch. Returns epoch and id.
 */
export const TAIL = `${EPOCH}
local epoch = epochOf(KEYS[2], ARGV[1])
local tail = redis.call('xrevrange', KEYS[1], '+', '-', 'COUNT', 1)[1]
return {epoch, tail and tail[1] or redis.call('hget', KEYS[2], 'trimmed') or '0-0'}`;

/** KEYS: stream, ids, facts. ARGV: a fresh epoch, ids. Returns the epoch and those of the events that are there. */
export const FIND = `${EPOCH}
local epoch, found = epochOf(KEYS[3], ARGV[1]), {}
for i = 2, #ARGV do
  local at = redis.call('hget', KEYS[2], ARGV[i])
  local entry = at and redis.call('xrange', KEYS[1], at, at)[1]
  if entry then
    local fields = entry[2]
    found[#found + 1] = {entry[1], fields[2], fields[4], fields[6], fields[8]}
  end
end
return {epoch, found}`;
