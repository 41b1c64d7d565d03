/** A study on a pool of processes, of which workers and the coordinator are killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { StudyDefinition } from "@tsgan/study";
import type { StudyEvent } from "@tsgan/study/node";
import type { RandomStream } from "tsgan/random";

export const STUDY = "study on a pool of processes";

const bin = fileURLToPath(new URL("../../../../cli/bin/tsgan.js", import.meta.url));

/** Milliseconds between two kills, at most. */
const EVERY = 3000;
/** Share of the kills that hit the coordinator, which takes its workers with it. */
const COORDINATOR_SHARE = 0.3;

const sgd = { name: "sgd", learningRate: 1e30 };

/** Trials with many checkpoints; those of one model diverge, which is a result, too. */
const definition: StudyDefinition = {
  name: "faults",
  data: { ring: { config: { model: { name: "mlp", latent: 2, hidden: [16, 16] }, batch: 16 } } },
  models: {
    ns: {
      config: { loss: "non-saturating-r1" },
      search: { weight: { logUniform: [0.01, 1], at: "penalties.0.weight" } },
    },
    diverging: { config: { loss: "minimax", optimizer: { generator: sgd, discriminator: sgd } } },
  },
  samples: 2,
  budget: { steps: 400 },
  metrics: ["modes", "swd"],
  evaluateEvery: 200,
  evaluateSamples: 200,
  checkpointEvery: 20,
};

/** Whether a process is a child of another: numbers are given anew. True where there is no /proc to say. */
const isChildOf = (pid: number, parent: number | undefined): boolean => {
  if (!existsSync("/proc/self/stat")) return true;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(fields.slice(fields.lastIndexOf(")") + 2).split(" ")[1]) === parent;
  } catch {
    return false;
  }
};

interface Command {
  readonly child: ChildProcess;
  /** Numbers of its workers that are training. */
  readonly busy: ReadonlySet<number>;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly said: string;
  }>;
}

const start = (folder: string, out: string): Command => {
  const args = ["study", "run", "study.json", "--out", out, "--resume", "--json", "--workers", "2"];
  // Deaths that strike at random may hit a trial several times before it gets any further.
  const child = spawn(process.execPath, [bin, ...args, "--attempts", "20"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const busy = new Set<number>();
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  createInterface({ input: child.stdout }).on("line", (text) => {
    // The last line of one that is killed may be half.
    if (!text.endsWith("}")) return;
    const event = JSON.parse(text) as StudyEvent | { readonly type: "done" | "stopped" };
    if (event.type === "begin") busy.add(Number(event.worker));
    if (event.type === "record" || event.type === "lost") busy.delete(Number(event.worker));
  });
  return { child, busy, ended: once(child, "close").then(([code, signal]) => ({ code, signal, said })) };
};

/** Kills the command or one of its workers after a random time. @returns whether there was anything left to kill */
const strike = async ({ child, busy, ended }: Command, random: RandomStream): Promise<boolean> => {
  const isOver = await Promise.race([ended.then(() => true), sleep(EVERY * random.uniform(), false)]);
  if (isOver) return false;
  if (random.uniform() < COORDINATOR_SHARE) return child.kill("SIGKILL");
  const pids = [...busy].filter((pid) => isChildOf(pid, child.pid));
  if (pids.length === 0) return false;
  process.kill(pids[random.integer(pids.length)], "SIGKILL");
  return true;
};

const recordsOf = (out: string): string =>
  JSON.stringify(
    readdirSync(join(out, "trials"))
      .sort()
      .map((id) => {
        const file = join(out, "trials", id, "record.json");
        return [id, existsSync(file) ? readFileSync(file, "utf8") : "no record"];
      }),
  );

/** Trials that the log says ended more than once. */
const endedTwice = (out: string): string[] => {
  const ends = readFileSync(join(out, "log.jsonl"), "utf8")
    .split("\n")
    // A killed process may have left half a line.
    .filter((text) => text.endsWith("}"))
    .map((text) => JSON.parse(text) as { readonly type: string; readonly trial: string })
    .flatMap(({ type, trial }) => (type === "record" ? trial : []));
  return ends.filter((trial, i) => ends.indexOf(trial) !== i);
};

/** Runs of one kind, killed one after the other. */
export interface Chain {
  readonly kills: number;
  readonly runs: number;
  readonly tried: string;
  readonly failure?: string | undefined;
}

/** Records of the study, left alone. */
let undisturbed: string | undefined;

/** Runs studies through so many kills, and compares their records with those of one that is left alone. */
export const killStudies = async (folder: string, random: RandomStream, most: number): Promise<Chain> => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "study.json"), JSON.stringify(definition));
  if (undisturbed === undefined) {
    const { code, said } = await start(folder, "calm").ended;
    if (code !== 0) throw new Error(`campaign: the study ended with ${code}: ${said}`);
    undisturbed = recordsOf(join(folder, "calm"));
  }
  let [kills, runs] = [0, 0];
  const end = (failure?: string): Chain => ({ kills, runs, tried: STUDY, failure });
  while (kills < most) {
    const name = `storm-${runs++}`;
    for (;;) {
      const command = start(folder, name);
      let isOver = false;
      const ended = command.ended.finally(() => {
        isOver = true;
      });
      while (!isOver && kills < most) if (await strike(command, random)) kills++;
      const { code, signal, said } = await ended;
      if (code === 0) break;
      if (signal !== "SIGKILL") return end(`it ended with exit code ${code}: ${said.slice(-500)}`);
    }
    if (recordsOf(join(folder, name)) !== undisturbed) return end("its records differ");
    const left = readdirSync(join(folder, name), { recursive: true }).filter((file) =>
      String(file).endsWith(".tmp"),
    );
    if (left.length > 0) return end(`it left ${left.join(", ")}`);
    const twice = endedTwice(join(folder, name));
    if (twice.length > 0) return end(`these trials ended twice: ${twice.join(", ")}`);
  }
  return end();
};
