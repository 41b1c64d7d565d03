/** onnxruntime-node, the native ONNX Runtime: its one door, and why it is closed where it is. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { RunError } from "../errors.ts";
import { here } from "./files.node.ts";

export type Native = typeof import("onnxruntime-node");

/** What a native library depends on of a machine. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Version of glibc; undefined on another C library (musl), and where there is none to speak of. */
  readonly glibc: string | undefined;
}

/** Without scripts: the package's own downloads CUDA's libraries, and fails with the installation where it cannot. */
const INSTALL = "npm install onnxruntime-node@1.30.0 --ignore-scripts";

const thisMachine = (): Machine => {
  // A report looks up the names of open connections unless it is told not to.
  if (process.report !== undefined) Object.assign(process.report, { excludeNetwork: true });
  const { header } = (process.report?.getReport() ?? {}) as { header?: { glibcVersionRuntime?: string } };
  return { platform: process.platform, arch: process.arch, glibc: header?.glibcVersionRuntime };
};

/** Why onnxruntime-node did not load, and what helps. `folder`: where it is installed, as far as it is. */
export const whyNotNative = (error: unknown, machine: Machine, folder: string | undefined): string => {
  const { code, message } = error as { code?: string; message: string };
  const [line] = message.split("\n");
  const system = `${machine.platform} ${machine.arch}`;
  if (folder === undefined) return `onnxruntime-node is not installed; ${INSTALL}`;
  const installed = "onnxruntime-node is installed, but does not load:";
  if (code === "MODULE_NOT_FOUND" && message.includes("onnxruntime_binding.node")) {
    return `${installed} it has no binary for ${system}`;
  }
  const [, needed] = /version [`'](GLIBC[\w.]*)' not found/.exec(message) ?? [];
  if (needed !== undefined) {
    return `${installed} it needs ${needed}, and this system has glibc ${machine.glibc ?? "of an unknown version"}`;
  }
  if (machine.platform === "linux" && machine.glibc === undefined) {
    return `${installed} it is built for glibc, and this system has another C library (musl, as on Alpine); ${line}`;
  }
  const [, missing] = /(?:^|\s)(\S*onnxruntime[\w.]*): cannot open shared object file/.exec(message) ?? [];
  if (missing !== undefined) {
    const place = join(folder, "bin/napi-v6", machine.platform, machine.arch, missing);
    return `${installed} its file ${place} is missing; remove the folder and install again: ${INSTALL}`;
  }
  return `${installed} ${line}`;
};

/** From where this code lies, or, where it is part of a bundle that lies elsewhere, from where the process was started. */
const require = createRequire(here);
const fromHere = (): NodeJS.Require => {
  try {
    require.resolve("onnxruntime-node/package.json");
    return require;
  } catch {
    return createRequire(join(process.cwd(), "package.json"));
  }
};

const installedIn = (): string | undefined => {
  try {
    return dirname(fromHere().resolve("onnxruntime-node/package.json"));
  } catch {
    return undefined;
  }
};

let loaded: Native | RunError | undefined;

/** onnxruntime-node, or the error that says why it is not to be had. It is tried once. */
export const loadNative = (): Native | RunError => {
  if (loaded !== undefined) return loaded;
  try {
    const native: Native = fromHere()("onnxruntime-node");
    // Errors are thrown; ONNX Runtime would print them as well.
    native.env.logLevel = "fatal";
    loaded = native;
  } catch (cause) {
    loaded = new RunError(`runtime: ${whyNotNative(cause, thisMachine(), installedIn())}`, { cause });
  }
  return loaded;
};
