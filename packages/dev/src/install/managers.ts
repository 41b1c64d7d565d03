/** Package managers: how each installs a package in an empty folder, and starts what was installed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Install scripts: on with the downloads that they make, on where these cannot be reached, off; or on, behind a proxy. */
export const SCRIPTS = ["on", "unreachable", "off", "proxy"] as const;
export type Scripts = (typeof SCRIPTS)[number];

export interface Place {
  readonly folder: string;
  /** Address of the registry. */
  readonly registry: string;
  /** Of the proxy, which alone reaches it. */
  readonly proxy?: string | undefined;
  readonly scripts: Scripts;
  /** The Node.js that runs the package manager. */
  readonly node: string;
}

export interface Manager {
  /** The npm package that brings it, and the file in it; npm itself is that of the matrix. */
  readonly tool?: { readonly spec: string; readonly file: string };
  /** Settings that only files can make. */
  prepare?(place: Place): void;
  /** The command that installs packages. `tool`: the file above. */
  install(tool: string, packages: readonly string[], place: Place): readonly string[];
  /** What starts a file of the project; Node.js by default. */
  start?(tool: string, node: string): readonly string[];
  /** What starts the command of a package that is not installed; where there is such a thing. */
  once?(tool: string, name: string, place: Place): readonly string[];
  /** Whether it is a runtime of its own, which no Node.js runs. */
  readonly isRuntime?: true;
}

/** Yarn 4's settings are a file. `linker`: how it lays packages out; `pnp` is what it does by itself. */
const prepareYarn = (linker: "node-modules" | "pnp", { folder, registry, scripts, proxy }: Place): void => {
  const settings = [
    ...(proxy === undefined ? [] : [`httpProxy: "${proxy}"`, `httpsProxy: "${proxy}"`]),
    `nodeLinker: ${linker}`,
    "enableTelemetry: false",
    `npmRegistryServer: "${registry.replace(/\/$/, "")}"`,
    "unsafeHttpWhitelist: [127.0.0.1]",
    `enableScripts: ${scripts !== "off"}`,
    "npmMinimalAgeGate: 0",
  ];
  writeFileSync(join(folder, ".yarnrc.yml"), `${settings.join("\n")}\n`);
  writeFileSync(join(folder, "yarn.lock"), "");
};

const YARN_4 = { spec: "@yarnpkg/cli-dist@4", file: "@yarnpkg/cli-dist/bin/yarn.js" };

const ignore = (scripts: Scripts): readonly string[] => (scripts === "off" ? ["--ignore-scripts"] : []);

export const managers = {
  npm: {
    install: (npm, packages, { node, scripts }) => [
      node,
      npm,
      "install",
      "--no-audit",
      "--no-fund",
      ...ignore(scripts),
      ...packages,
    ],
    once: (npm, name, { node }) => [node, join(npm, "../npx-cli.js"), "--yes", name],
  },
  pnpm: {
    tool: { spec: "pnpm@12", file: "pnpm/bin/pnpm.mjs" },
    // It runs install scripts only of packages that are named to it, and ends with an error, all installed, where there are others.
    prepare: ({ folder, registry, scripts }) => {
      writeFileSync(join(folder, ".npmrc"), `registry=${registry}\n`);
      if (scripts !== "off")
        writeFileSync(join(folder, "pnpm-workspace.yaml"), "dangerouslyAllowAllBuilds: true\n");
    },
    install: (pnpm, packages, { node, scripts }) => [node, pnpm, "add", ...ignore(scripts), ...packages],
    once: (pnpm, name, { node }) => [node, pnpm, "dlx", name],
  },
  yarn: {
    tool: { spec: "yarn@1.22.22", file: "yarn/bin/yarn.js" },
    install: (yarn, packages, { node, scripts }) => [
      node,
      yarn,
      "add",
      "--non-interactive",
      ...ignore(scripts),
      ...packages,
    ],
  },
  "yarn 4": {
    tool: YARN_4,
    prepare: (place) => prepareYarn("node-modules", place),
    install: (yarn, packages, { node }) => [node, yarn, "add", ...packages],
    once: (yarn, name, { node }) => [node, yarn, "dlx", name],
  },
  "yarn 4 pnp": {
    tool: YARN_4,
    prepare: (place) => prepareYarn("pnp", place),
    install: (yarn, packages, { node }) => [node, yarn, "add", ...packages],
    start: (yarn, node) => [node, yarn, "node"],
  },
  bun: {
    tool: { spec: "@oven/bun-linux-x64@1", file: "@oven/bun-linux-x64/bin/bun" },
    install: (bun, packages, { scripts }) => [bun, "add", ...ignore(scripts), ...packages],
    start: (bun) => [bun, "--bun"],
    once: (bun, name) => [bun, "x", "--bun", name],
    isRuntime: true,
  },
  deno: {
    tool: { spec: "@deno/linux-x64-glibc@2", file: "@deno/linux-x64-glibc/deno" },
    // It runs install scripts only of packages that are named to it; with all allowed, one that fails is an error.
    install: (deno, packages) => [deno, "install", ...packages.map((name) => `npm:${name}`)],
    start: (deno) => [deno, "run", "-A"],
    once: (deno, name) => [deno, "run", "-A", `npm:${name}`],
    isRuntime: true,
  },
} satisfies Record<string, Manager>;

export type ManagerName = keyof typeof managers;
