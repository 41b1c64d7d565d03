/** Studies on Redis: a queue of trials that workers on any machine take from. Needs the packages bullmq and ioredis. */
export { redisBackend } from "./backend.ts";
export { openRedis, shownAddress } from "./connection.ts";
export { type Train, type TrainOptions, trainInProcess } from "./train.ts";
export { type ServeEvent, type ServeOptions, serveStudies } from "./worker.ts";
