/** The programs that train in browsers which tsgan is compared with: installed when they are asked for, never a dependency. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunError, UsageError } from "tsgan";
import { repository } from "tsgan/testing";

interface Kind {
  /** What the table calls it. */
  readonly title: string;
  readonly packages: Readonly<Record<string, string>>;
  /** Beside the peers of Python. */
  readonly script: string;
  /** Workloads that its script has. */
  readonly trains: RegExp;
  /** Its devices. */
  readonly ways: readonly string[];
  /** Files that its page asks for by name. */
  readonly files?: string;
}

const TFJS = "4.22.0";

const kinds: Readonly<Record<string, Kind>> = {
  tfjs: {
    title: `TensorFlow.js ${TFJS}`,
    packages: {
      "@tensorflow/tfjs-core": TFJS,
      "@tensorflow/tfjs-backend-cpu": TFJS,
      "@tensorflow/tfjs-backend-wasm": TFJS,
      "@tensorflow/tfjs-backend-webgl": TFJS,
    },
    script: "rival_tfjs.js",
    trains: /^(mlp|dcgan28)-/,
    ways: ["wasm", "webgl", "cpu"],
    files: "@tensorflow/tfjs-backend-wasm/dist",
  },
  "jax-js": {
    title: "jax-js 0.1.25",
    packages: { "@jax-js/jax": "0.1.25" },
    script: "rival_jax.js",
    // Its convolution takes seconds.
    trains: /^mlp-/,
    ways: ["wasm"],
  },
};

/** One way to run a rival. */
export interface Rival {
  /** `tfjs wasm`: what, and where. */
  readonly name: string;
  readonly title: string;
  readonly way: string;
  readonly trains: RegExp;
  readonly script: string;
  /** Where its packages lie. */
  readonly modules: string;
  readonly files: string | undefined;
}

/** Installs packages of these versions into a folder of their own, without running anything of theirs. */
const installed = (name: string, packages: Readonly<Record<string, string>>): string => {
  const folder = join(repository, "node_modules/.cache/tsgan-rivals", name);
  const modules = join(folder, "node_modules");
  const wanted = JSON.stringify({ private: true, dependencies: packages });
  const isThere = Object.keys(packages).every((each) => existsSync(join(modules, each, "package.json")));
  if (isThere) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), wanted);
  const { status, stderr } = spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new RunError(`bench: ${name} could not be installed: ${stderr.trim()}`);
  return modules;
};

/**
 * The rivals of `tfjs,jax-js`, each in all its ways, or in those in whose names one of `ways` stands.
 *
 * @throws UsageError for another name
 * @throws RunError where one cannot be installed
 */
export const rivalsOf = (peers: string, ways: readonly string[] | undefined): readonly Rival[] =>
  peers.split(",").flatMap((peer) => {
    const kind = kinds[peer];
    if (kind === undefined) {
      throw new UsageError(`bench: a peer is one of ${Object.keys(kinds).join(", ")}; got ${peer}`);
    }
    const taken = kind.ways
      .map((way) => ({ name: `${peer} ${way}`, way }))
      .filter(({ name }) => ways?.some((each) => name.includes(each)) ?? true);
    if (taken.length === 0) return [];
    const modules = installed(`${peer}-${Object.values(kind.packages)[0]}`, kind.packages);
    return taken.map(({ name, way }) => ({
      name,
      title: kind.title,
      way,
      trains: kind.trains,
      script: fileURLToPath(new URL(`../../bench/${kind.script}`, import.meta.url)),
      modules,
      files: kind.files && join(modules, kind.files),
    }));
  });
