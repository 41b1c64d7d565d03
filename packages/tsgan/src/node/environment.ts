/** What a run ran on. */
import { arch, cpus, platform } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Device, defaultDevice, defaultThreads } from "../runtime/index.ts";
import { readJson } from "./files.ts";
import { packageFolder } from "./packages.ts";

const versionIn = (folder: string): string => {
  const file = readJson(join(folder, "package.json"));
  return typeof file === "object" && file !== null && "version" in file ? String(file.version) : "unknown";
};

/** The version of this package. */
export const version = versionIn(fileURLToPath(new URL("../..", import.meta.url)));

export interface Environment {
  readonly tsgan: string;
  readonly onnxruntime: string;
  readonly node: string;
  readonly device: Device;
  /** Threads of a CPU device. */
  readonly threads: number;
  readonly machine: string;
}

export const environmentOf = (
  device: Device = defaultDevice,
  threads: number = defaultThreads(),
): Environment => ({
  tsgan: version,
  onnxruntime: versionIn(packageFolder("onnxruntime-node", "training")),
  node: process.version,
  device,
  threads,
  machine: `${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`,
});
