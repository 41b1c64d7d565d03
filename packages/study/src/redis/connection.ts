/** Redis as a study uses it: an address that is tried first, and what its errors mean. */
import type { Redis } from "ioredis";
import { RunError, UsageError } from "tsgan";
import { loadRedis } from "./packages.ts";

/** Milliseconds that a Redis has to answer when it is first asked. */
const FIRST_ANSWER = 5000;

const parse = (address: string): URL => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw new UsageError(
      `--redis: expected an address such as redis://HOST:6379; got ${address.replace(/\/\/.*@/, "//…@")}`,
    );
  }
  return url;
};

/** The address without its password, for messages. */
export const shownAddress = (address: string): string => {
  const { protocol, host, pathname } = parse(address);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
};

/** One line on why Redis cannot be used. */
const explain = (address: string, error: unknown): RunError => {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  const reason = (): string => {
    if (/NOAUTH|without any password configured/.test(message)) {
      return message.includes("NOAUTH")
        ? "it wants a password; write it into the address, as in redis://:PASSWORD@HOST:6379"
        : "it has no password, and the address gives one; leave it out";
    }
    if (/WRONGPASS|invalid (username-)?password/.test(message)) {
      return "it does not accept the user name and password of the address";
    }
    if (code === "ECONNREFUSED") return "nothing listens there; start Redis or correct the address";
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "there is no such host; correct the address";
    if (/timed? ?out/i.test(message)) {
      return `no answer within ${FIRST_ANSWER / 1000} s; correct the address, or let Redis be reached from here`;
    }
    if (message.includes("RESP")) return "something else listens there";
    return message;
  };
  return new RunError(`${shownAddress(address)}: expected a Redis that can be used: ${reason()}`, {
    cause: error,
  });
};

/**
 * A connection that reconnects by itself for as long as it takes, opened once Redis has answered.
 *
 * @throws UsageError for something that is not an address
 * @throws RunError for a Redis that is not there, wants a password, or refuses the one it is given, and where ioredis is
 * not installed
 */
export const openRedis = async (address: string): Promise<Redis> => {
  parse(address);
  const { Redis } = await loadRedis();
  const probe = new Redis(address, {
    lazyConnect: true,
    connectTimeout: FIRST_ANSWER,
    commandTimeout: FIRST_ANSWER,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  // Each of them reaches the call below as well, though not always as the error that it began with.
  let first: unknown;
  probe.on("error", (error) => {
    first ??= error;
  });
  try {
    await probe.connect();
    await probe.ping();
  } catch (error) {
    throw explain(address, first ?? error);
  } finally {
    probe.disconnect();
  }
  const redis = new Redis(address, {
    // What BullMQ asks of a connection that waits for tasks.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2000),
  });
  // Without a listener, ioredis prints every failed attempt to reconnect.
  redis.on("error", () => {});
  return redis;
};
