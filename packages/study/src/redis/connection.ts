/** Redis as a study uses it: an address that is tried first, and what its errors mean. */
import type { Redis } from "ioredis";
import { RunError, UsageError } from "tsgan";
import { describeFailure } from "tsgan/node";
import { loadRedis } from "./packages.ts";

/** Milliseconds that a Redis has to answer when it is first asked. */
const FIRST_ANSWER = 5000;

/** Its database, a whole number, is the path of the address: redis://HOST:6379/2. */
const parse = (address: string): { readonly url: URL; readonly database: number } => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const shown = address.replace(/\/\/.*@/, "//…@");
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw new UsageError(`--redis: expected an address such as redis://HOST:6379; got ${shown}`);
  }
  const [, database] = /^\/?(\d{0,6})$/.exec(url.pathname) ?? [];
  if (database === undefined || url.searchParams.has("db")) {
    throw new UsageError(`--redis: expected a database as a number, as in redis://HOST:6379/2; got ${shown}`);
  }
  return { url, database: Number(database) };
};

/** The address without its password, for messages. */
export const shownAddress = (address: string): string => {
  const { protocol, host, pathname } = parse(address).url;
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
};

/** Why no connection comes about, in words. */
const reasonOf = (error: unknown): string => {
  const { code, message } = error as { readonly code?: string; readonly message: string };
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

/** One line on why Redis cannot be used. */
const explain = (address: string, error: unknown): RunError =>
  new RunError(`${shownAddress(address)}: expected a Redis that can be used: ${reasonOf(error)}`, {
    cause: error,
  });

/** What the answers of Redis to a command mean that it does not carry out, and what helps. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [
    /\bOOM\b|when used memory >/,
    "it is full; give it more memory (maxmemory), or take what is not needed out of it",
  ],
  [/\bMISCONF\b/, "it cannot save to its disk, and takes nothing until it can; make room there"],
  [/\bREADONLY\b/, "it is a copy that takes nothing; give the address of the one that it is a copy of"],
  [
    /\bWRONGTYPE\b/,
    'one of its keys that begin with "tsgan" holds something else; delete that key, or use another database',
  ],
  [
    /\bNO(?:AUTH|PERM)\b/,
    "it does not allow this; give its user the right to all commands on keys that begin with tsgan",
  ],
];

/** What is wrong with Redis, in words, where an error is its answer to a command; undefined for any other error. */
export const refusalOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !/^(?:ReplyError|AbortError)$/.test(error.name)) return undefined;
  // A transaction is refused as a whole; the first of its commands says why.
  const { previousErrors: [first] = [] } = error as { readonly previousErrors?: readonly Error[] };
  const { message } = first ?? error;
  return REFUSALS.find(([pattern]) => pattern.test(message))?.[1] ?? message;
};

/** What is wrong, in words: what Redis answers to a command, or what any other error says. */
export const problemOf = (error: unknown): string => refusalOf(error) ?? describeFailure(error).message;

/** Refuses a Redis that throws away what it was given, and one without the database that is asked for. */
const checkRedis = async (probe: Redis, database: number): Promise<void> => {
  try {
    await probe.select(database);
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    throw new Error(
      `it has no database ${database}; take a lower number, or raise databases in its configuration`,
      {
        cause: error,
      },
    );
  }
  const information = await probe.info("memory").catch(() => "");
  const [, policy = "noeviction"] = /^maxmemory_policy:(\S+)/m.exec(information) ?? [];
  if (policy !== "noeviction") {
    throw new Error(
      `its maxmemory-policy is ${policy}, by which it throws tasks and results away when it is full; ` +
        "set it to noeviction: redis-cli CONFIG SET maxmemory-policy noeviction",
    );
  }
};

/**
 * A connection that reconnects by itself for as long as it takes, opened once Redis has answered.
 *
 * @throws UsageError for something that is not an address
 * @throws RunError for a Redis that is not there, wants a password, refuses the one it is given, has no such database or may
 * throw away what it is given, and where ioredis is not installed
 */
export const openRedis = async (address: string): Promise<Redis> => {
  const { database } = parse(address);
  const { Redis } = await loadRedis();
  const probe = new Redis(address, {
    lazyConnect: true,
    connectTimeout: FIRST_ANSWER,
    commandTimeout: FIRST_ANSWER,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    db: 0,
  });
  // Each of them reaches the call below as well, though not always as the error that it began with.
  let first: unknown;
  probe.on("error", (error) => {
    first ??= error;
  });
  try {
    await probe.connect();
    await probe.ping();
    first = undefined;
    await checkRedis(probe, database);
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
  // Without a listener, ioredis prints every failed attempt to reconnect. Those who use it listen, and say so once.
  redis.on("error", () => {});
  return redis;
};

/** Says that Redis refuses something. @throws any other error */
export const tellRefusal = (error: unknown, tell: (message: string) => void): void => {
  const refusal = refusalOf(error);
  if (refusal === undefined) throw error;
  tell(`Redis: ${refusal}`);
};

/** Says that Redis is gone, while it is. @returns what ends that */
export const tellConnection = (redis: Redis, tell: (message: string) => void): (() => void) => {
  const listener = (error: unknown): void => tell(`Redis is gone: ${reasonOf(error)}; trying again`);
  redis.on("error", listener);
  return () => void redis.off("error", listener);
};
