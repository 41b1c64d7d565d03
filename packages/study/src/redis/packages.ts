/** The door to BullMQ and ioredis, which are installed by those who use Redis. Nothing else imports them. */
import { RunError } from "tsgan";

const load = async <T>(name: string, load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch (cause) {
    if ((cause as { readonly code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new RunError(
      `study on Redis: needs the package ${name}, which is not installed; npm install bullmq ioredis`,
      { cause },
    );
  }
};

/** @throws RunError where it is not installed */
export const loadBullmq = (): Promise<typeof import("bullmq")> => load("bullmq", () => import("bullmq"));

/** @throws RunError where it is not installed */
export const loadRedis = (): Promise<Pick<typeof import("ioredis"), "Redis">> =>
  load("ioredis", () => import("ioredis"));
