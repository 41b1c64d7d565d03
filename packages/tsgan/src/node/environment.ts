/** What a run ran on. */
import { arch, cpus, platform } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Device, defaultDevice, defaultThreads } from "../runtime/index.ts";
import { readJson } from "./files.ts";
import { packageFolder } from "./packages.ts";

interface Manifest {
  readonly version?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string): Manifest => readJson(join(folder, "package.json")) as Manifest;

const own = manifestIn(fileURLToPath(new URL("../..", import.meta.url)));

/** The version of this package. */
export const version = own.version ?? "unknown";

/** The WebAssembly that this package brings is that of the onnxruntime-web that it may be used with. */
const runtimeVersion = (device: Device): string | undefined =>
  device === "wasm"
    ? own.peerDependencies?.["onnxruntime-web"]
    : manifestIn(packageFolder("onnxruntime-node", "training")).version;

export interface Environment {
  readonly tsgan: string;
  readonly onnxruntime: string;
  readonly node: string;
  readonly device: Device;
  /** Threads of a CPU device. */
  readonly threads: number;
  readonly machine: string;
}

/**
 * Where a program runs, for records of runs: versions of tsgan, ONNX Runtime and Node.js, the `device`, its `threads`,
 * and the machine.
 */
export const environmentOf = (
  device: Device = defaultDevice(),
  threads: number = defaultThreads(),
): Environment => ({
  tsgan: version,
  onnxruntime: runtimeVersion(device) ?? "unknown",
  node: process.version,
  device,
  threads,
  machine: `${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`,
});
