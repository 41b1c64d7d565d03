/** What tests and measurements of other packages need; not published. */
export {
  coordinate,
  type FakeWorkers,
  fakeRecords,
  fakeStudy,
  fakeTrain,
  fakeWorkers,
  recordsOf,
} from "./fake-study.ts";
export { hasRedisServer, type RedisServer, startRedisServer } from "./redis-server.ts";
