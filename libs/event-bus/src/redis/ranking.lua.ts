// The scripts of a ranking: each runs as one step, and touches one key. Beside the ids, whose scores are below zero while
// they have a place, the sorted set has two members above zero: `position`, up to where the log is in it, and `until`, up
// to where it has to be before anybody may read it. An id that is gone for good is at infinity: nothing adds to that.

/** A sorted set that nothing has moved for so long is forgotten: one of an instance that was replaced. In seconds. */
const KEPT_S = 30 * 24 * 60 * 60;

/** From, to, until, then ids and what is added to each. Gives back where it is: not `to` when it was not at `from`. */
export const MOVE = `
  local at = redis.call('ZSCORE', KEYS[1], 'position')
  if tonumber(at or 0) ~= tonumber(ARGV[1]) then return at or '0' end
  if not at then redis.call('ZADD', KEYS[1], ARGV[3], 'until') end
  for i = 4, #ARGV, 2 do
    if ARGV[i + 1] == 'gone' then redis.call('ZADD', KEYS[1], '+inf', ARGV[i])
    else redis.call('ZINCRBY', KEYS[1], ARGV[i + 1], ARGV[i]) end
  end
  redis.call('ZADD', KEYS[1], ARGV[2], 'position')
  redis.call('EXPIRE', KEYS[1], ${KEPT_S})
  return ARGV[2]`;

/** How many. Gives back members and scores; nothing when there is none, or when it is not whole yet. */
export const TOP = `
  local at = redis.call('ZSCORE', KEYS[1], 'position')
  if not at or tonumber(at) < tonumber(redis.call('ZSCORE', KEYS[1], 'until')) then return false end
  return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(0', 'WITHSCORES', 'LIMIT', 0, ARGV[1])`;

/** Where it is. Removes it when that is so, and gives back where it is then. */
export const FORGET = `
  local at = redis.call('ZSCORE', KEYS[1], 'position')
  if at and tonumber(at) == tonumber(ARGV[1]) then
    redis.call('DEL', KEYS[1])
    return '0'
  end
  return at or '0'`;
