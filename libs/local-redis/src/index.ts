export { ensureRedis, type EnsuredRedis, type EnsureRedisOptions } from './ensure-redis.js';
export { findRedisServer } from './install/redis.binary.js';
export { thisSystem } from './install/system.js';
export type { RedisLog } from './redis.log.js';
export { startServer, startServerOn, urlOf, type RunningServer } from './server/redis.server.js';
