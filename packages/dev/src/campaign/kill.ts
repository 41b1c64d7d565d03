/**
 * Kills (-9) runs of many kinds at random moments and at chosen calls that change files (before, after, and in the middle of what
 * they write), goes on with them until they end, and compares every byte that they leave with that of a run which was left alone;
 * and studies, of which workers and coordinators are killed. A case is one kill.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RandomStream, randomStream } from "tsgan/random";
import type { Campaign, Failure } from "./campaign.ts";
import { kinds } from "./kill/kinds.ts";
import { type Chain, killStudies, STUDY } from "./kill/study.ts";

/** Kills of one kind, one after the other: then it is the next one's turn. */
const CHAIN = 4;

const local = (name: string): string => fileURLToPath(new URL(`./kill/${name}.js`, import.meta.url));

interface Life {
  readonly child: ChildProcess;
  /** Once training has begun, or the process has ended. */
  readonly started: Promise<unknown>;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly said: string;
  }>;
}

const live = (kind: string, folder: string, environment: Readonly<Record<string, string>> = {}): Life => {
  const child = spawn(process.execPath, ["--import", local("hook"), local("run"), kind], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      said += data;
    });
  }
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, said }));
  return { child, started: Promise.race([once(child.stdout, "data"), ended]), ended };
};

/** What a folder holds, but for its report, which says how long the last session took. */
const contents = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "report.html")
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(folder.length + 1), createHash("sha256").update(readFileSync(file)).digest("hex")];
      }),
  );

const difference = (
  wanted: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): string | undefined => {
  const names = [...new Set([...wanted.keys(), ...found.keys()])].sort();
  const differing = names.filter((name) => wanted.get(name) !== found.get(name));
  return differing.length === 0 ? undefined : `these files differ: ${differing.join(", ")}`;
};

interface Undisturbed {
  readonly files: ReadonlyMap<string, string>;
  /** Of its training, from its start. */
  readonly milliseconds: number;
  readonly calls: number;
}

const undisturbed = async (kind: string, folder: string): Promise<Undisturbed> => {
  mkdirSync(folder, { recursive: true });
  const { started, ended } = live(kind, folder, { TSGAN_COUNT_CALLS: "yes" });
  await started;
  const began = performance.now();
  const { code, said } = await ended;
  const calls = Number(/calls (\d+)/.exec(said)?.[1]);
  if (code !== 0) throw new Error(`campaign: ${kind} ended with ${code}: ${said}`);
  return { files: contents(join(folder, "run")), milliseconds: performance.now() - began, calls };
};

/** How a life ended: killed, with a failure, or well. */
interface End {
  readonly how?: string;
  readonly failure?: string;
}

const leaveAlone = async (kind: string, folder: string): Promise<End> => {
  const { code, said } = await live(kind, folder).ended;
  return code === 0 ? {} : { failure: `it ended with exit code ${code}: ${said.slice(-500)}` };
};

/** Lets a run live until it is killed or ends. */
const disturb = async (
  kind: string,
  folder: string,
  { milliseconds, calls }: Undisturbed,
  random: RandomStream,
): Promise<End> => {
  const atCall = random.uniform() < 0.5;
  const call = 1 + random.integer(calls);
  const when = ["before", "after", "within"][random.integer(3)];
  const { child, started, ended } = live(
    kind,
    folder,
    atCall ? { TSGAN_KILL_AT: String(call), TSGAN_KILL_WHEN: when } : {},
  );
  let timer: NodeJS.Timeout | undefined;
  const delay = random.uniform() * milliseconds;
  // Now and then before training has begun, too.
  if (!atCall && random.uniform() < 0.9) await started;
  if (!atCall) timer = setTimeout(() => child.kill("SIGKILL"), delay);
  const { code, signal, said } = await ended;
  clearTimeout(timer);
  if (signal === "SIGKILL") return { how: atCall ? `${when} call ${call}` : `after ${delay.toFixed(0)} ms` };
  return code === 0 ? {} : { failure: `it ended with ${signal ?? `exit code ${code}`}: ${said.slice(-500)}` };
};

export const kill: Campaign = async ({ seed, count, from = 0, progress }) => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-kill-"));
  const failures: Failure[] = [];
  const known = new Map<string, Undisturbed>();
  const tally = new Map<string, { kills: number; runs: number }>();
  const all = [...kinds, STUDY];
  let made = 0;
  const newFolder = (name: string): string => join(folder, `${name}-${made++}`);

  /** Kills runs of a kind, each until it has ended in spite of it, so many times in all; the last life is left alone. */
  const killRuns = async (kind: string, number: number, most: number): Promise<Chain> => {
    const calm = known.get(kind) ?? (await undisturbed(kind, newFolder("calm")));
    known.set(kind, calm);
    const hows: string[] = [];
    let [runs, lives] = [0, 0];
    const disturbOrLeave = (out: string): Promise<End> => {
      if (hows.length >= most) return leaveAlone(kind, out);
      return disturb(kind, out, calm, randomStream(seed, `kill ${lives++}`, number));
    };
    while (hows.length < most) {
      const out = newFolder("run");
      mkdirSync(out);
      runs++;
      let life = await disturbOrLeave(out);
      for (; life.how !== undefined; life = await disturbOrLeave(out)) hows.push(life.how);
      const failure = life.failure ?? difference(calm.files, contents(join(out, "run")));
      const tried = `${kind}, killed ${hows.join(", ")}`;
      if (failure !== undefined) return { kills: hows.length, runs, tried, failure };
      rmSync(out, { recursive: true, force: true });
    }
    return { kills: hows.length, runs, tried: kind };
  };

  try {
    for (let number = from; number < from + count; ) {
      const kind = all[Math.floor(number / CHAIN) % all.length];
      const end = Math.min(from + count, (Math.floor(number / CHAIN) + 1) * CHAIN);
      const { kills, runs, tried, failure } =
        kind === STUDY
          ? await killStudies(newFolder("study"), randomStream(seed, "kill", number), end - number)
          : await killRuns(kind, number, end - number);
      if (failure !== undefined)
        failures.push({ case: number, cases: end - number, tried, message: failure });
      const before = tally.get(kind) ?? { kills: 0, runs: 0 };
      tally.set(kind, { kills: before.kills + kills, runs: before.runs + runs });
      number = end;
      progress?.(number - from, failures);
    }
  } finally {
    if (failures.length === 0) rmSync(folder, { recursive: true, force: true });
    else console.log(`what was left: ${folder}`);
  }
  const tried = [...tally].map(
    ([kind, { kills, runs }]) => `${kind.padEnd(46)}${String(kills).padStart(6)} kills of ${runs} runs`,
  );
  return { tried, failures };
};
