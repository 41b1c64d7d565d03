/** The coordinator's side of a study on Redis: puts its tasks into the queue and takes in what workers anywhere make of them. */
import type { Redis } from "ioredis";
import { RunError } from "tsgan";
import type { Backend, Session } from "../node/session.ts";
import { problemOf, refusalOf, tellConnection } from "./connection.ts";
import { type Listener, listenTo } from "./listener.ts";
import { type OutstandingTasks, outstandingTasks } from "./outstanding.ts";
import { loadBullmq } from "./packages.ts";
import { announce, PREFIX, queueOf, type TaskJob, withdraw } from "./queue.ts";
import { tellOnce } from "./warnings.ts";

/** Milliseconds after which the queue is looked through, whatever its events say: those of a restart are lost. */
const LOOK = 5000;
/** Looks between two at the tasks that are in none of the queue's lists any more. */
const LOST_LOOK = 3;

/**
 * Runs the tasks of a session on whatever workers take them from a queue in Redis. A result stays in Redis until its
 * record is written, so that a coordinator that is killed finds it when it comes back. Stopped by its signal, it takes the
 * tasks that nobody has begun out of the queue.
 *
 * What happens to Redis makes no record: a trial whose task is lost there is given out again, and where that does not help, the
 * study stops with a RunError, and the trial stays open.
 *
 * @param redis where Redis is, and the prefix of what is kept there
 */
export const redisBackend =
  (redis: Redis): Backend =>
  async (session, signal) => {
    try {
      await coordinate(redis, session, signal);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      throw new RunError(`study on Redis: ${refusal}; go on with --resume`, { cause: error });
    }
  };

const coordinate = async (redis: Redis, session: Session, signal: AbortSignal): Promise<void> => {
  const { Queue, QueueEvents } = await loadBullmq();
  const { hash, study, uses } = session;
  const name = queueOf(uses);
  const shared = { prefix: PREFIX, connection: redis };
  const queue = new Queue<TaskJob>(name, {
    ...shared,
    defaultJobOptions: { attempts: 5, backoff: { type: "exponential", delay: 1000, jitter: 0.5 } },
  });
  const events = new QueueEvents(name, shared);
  // Redis that is gone for a while is reconnected to.
  const tell = tellOnce((message) => session.report({ type: "warning", message }));
  const tellError = (error: Error): void => tell(`queue: ${problemOf(error)}`);
  queue.on("error", tellError);
  events.on("error", tellError);
  const untell = tellConnection(redis, tell);
  const tasks = outstandingTasks(redis, queue, session);
  const listener = listenTo(events, tasks.trialOf, session);
  signal.addEventListener("abort", listener.wake);
  try {
    await announce(redis, hash, study, uses);
    await events.waitUntilReady();
    await work(tasks, listener, session, signal);
    if (signal.aborted) {
      session.report({ type: "stopping" });
      await tasks.withdraw();
    } else {
      const trials = session.trials.map(({ id }) => id);
      await withdraw(redis, hash, trials);
    }
  } finally {
    signal.removeEventListener("abort", listener.wake);
    untell();
    await events.close();
    await queue.close();
  }
};

/** Gives out and takes in until no trial is open, or the signal comes. */
const work = async (
  tasks: OutstandingTasks,
  listener: Listener,
  session: Session,
  signal: AbortSignal,
): Promise<void> => {
  let looked = Number.NEGATIVE_INFINITY;
  let looks = 0;
  while (session.open() > 0 && !signal.aborted) {
    await tasks.add(session.ready());
    const heard = listener.ended();
    const due = performance.now() - looked >= LOOK;
    if (due) looked = performance.now();
    for (const id of due ? await tasks.ended() : heard) await tasks.take(id);
    if (due && ++looks % LOST_LOOK === 0) await tasks.findLost();
    if (session.open() > 0 && !signal.aborted) await listener.wait(LOOK);
  }
};
