/** What tests and measurements of other packages need; not published. */
export { hasRedisServer, type RedisServer, startRedisServer } from "./redis-server.ts";
