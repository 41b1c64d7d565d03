/** The programs that tsgan is compared with: their scripts, and the ways in which each may be the fastest. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { UsageError } from "tsgan";

/** What a script prints: `engine` is the version of what it runs on. */
export interface Report {
  readonly threads: number | "default";
  readonly workloads: Readonly<Record<string, Figure>>;
  readonly [engine: string]: unknown;
}

export interface Figure {
  /** The median of an iteration. */
  readonly ms: number;
  readonly min: number;
  readonly iterations: number;
  /** Ours only: operations of the plain algorithm in an iteration, and those a second of the machine's product. */
  readonly operations?: number;
  readonly rate?: number;
  /** What was computed, where that is a number. */
  readonly value?: number;
}

interface Kind {
  /** Beside this file in the repository. */
  readonly script: string;
  /** Name and options of each way to run it. */
  readonly ways: Readonly<Record<string, readonly string[]>>;
  /** Ways that differ with images only. */
  readonly images?: readonly string[];
  readonly threads: readonly (1 | 2)[];
}

const script = (name: string): string => fileURLToPath(new URL(`../../bench/${name}`, import.meta.url));

const kinds: Readonly<Record<string, Kind>> = {
  torch: {
    script: script("peer_torch.py"),
    ways: {
      eager: [],
      "channels-last": ["--channels-last"],
      compiled: ["--compile"],
      "compiled channels-last": ["--compile", "--channels-last"],
    },
    images: ["channels-last", "compiled channels-last"],
    threads: [1, 2],
  },
  tf: { script: script("peer_tensorflow.py"), ways: { graph: [], XLA: ["--xla"] }, threads: [1, 2] },
  jax: { script: script("peer_jax.py"), ways: { jit: [] }, threads: [1, 2] },
  /** Another build of tsgan. */
  tsgan: { script: "", ways: { "": ["--json"] }, threads: [2] },
};

/** One way to run a peer. */
export interface Variant {
  /** `torch eager 2`: what, how, on how many threads. */
  readonly name: string;
  readonly engine: string;
  /** Whether it differs from another one with images only. */
  readonly images?: boolean;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The variants of `NAME=PYTHON[:SCRIPT]`, by commas: NAME is torch, tf, jax or tsgan (PYTHON is then a Node.js, and SCRIPT the
 * `bench/main.js` of a built tsgan).
 */
export const variantsOf = (peers: string): readonly Variant[] =>
  peers.split(",").flatMap((peer) => {
    const [, name = "", command = "", given = ""] = /^([^=]+)=([^:]+)(?::(.+))?$/.exec(peer) ?? [];
    const kind = kinds[name];
    if (kind === undefined || (kind.script === "" && given === "")) {
      throw new UsageError(
        `bench: a peer is NAME=PYTHON or NAME=PYTHON:SCRIPT with NAME one of ${Object.keys(kinds).join(", ")}; got ${peer}`,
      );
    }
    const path = given === "" ? kind.script : given;
    return Object.entries(kind.ways).flatMap(([way, options]) =>
      kind.threads.map((threads) => ({
        name: [name, way, threads].filter((part) => part !== "").join(" "),
        engine: name,
        images: kind.images?.includes(way) ?? false,
        command,
        args: [path, ...options, "--threads", String(threads)],
      })),
    );
  });

/** Time after which a run is given up: compiling takes a minute. */
const LONGEST_MS = 240_000;

/** Runs a program to its end: what it prints, or why it failed. */
export const run = (
  command: string,
  args: readonly string[],
): { readonly stdout: string; readonly failure?: string } => {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: LONGEST_MS,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
  });
  if (status === 0) return { stdout };
  const lines = (stderr ?? "").trim().split("\n");
  const line = lines.findLast((each) => /error/i.test(each)) ?? lines.at(-1) ?? "";
  return { stdout, failure: error?.message ?? (line === "" ? "it failed" : line) };
};

/** What a program prints as JSON, or why it does not. */
export const runJson = (command: string, args: readonly string[]): Report | string => {
  const { stdout, failure } = run(command, args);
  return failure ?? (JSON.parse(stdout) as Report);
};

/** Version of what a report was made with. */
export const versionOf = (report: Report): string => {
  const [engine, version] = Object.entries(report).find(([, value]) => typeof value === "string") ?? ["", ""];
  return `${engine} ${version}`;
};
