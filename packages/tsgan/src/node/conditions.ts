/**
 * Under what a run computes. The same configuration gives the same numbers, bit for bit, where all of it is the same: products
 * of matrices are summed in another order by other threads, devices, versions and kinds of processors.
 */
import { cpus } from "node:os";
import { shownValue } from "../options.ts";
import { type Device, defaultDevice, defaultThreads } from "../runtime/index.ts";
import { environmentOf } from "./environment.ts";

/** What config.json says of it, beside the configuration. */
export interface Conditions {
  readonly version: string;
  readonly onnxruntime: string;
  readonly device: Device;
  /** Threads of a CPU device. */
  readonly threads: number;
  /** Kind of the processor: `x64 AMD EPYC 7B13`. */
  readonly processor: string;
}

/**
 * What a run's figures may depend on beside its configuration: the versions of tsgan and ONNX Runtime, the device and
 * its threads.
 */
export const conditionsOf = (
  device: Device = defaultDevice(),
  threads: number = defaultThreads(),
): Conditions => {
  const { tsgan, onnxruntime } = environmentOf(device, threads);
  const processor = `${process.arch} ${cpus()[0]?.model.trim() || "of an unknown kind"}`;
  return { version: tsgan, onnxruntime, device, threads, processor };
};

const NAMES: Readonly<Record<keyof Conditions, string>> = {
  version: "tsgan",
  onnxruntime: "ONNX Runtime",
  device: "device",
  threads: "threads",
  processor: "processor",
};

const KEYS = Object.keys(NAMES) as (keyof Conditions)[];

/** The conditions that a run's config.json names, and what else it holds. */
export const splitConditions = (
  stored: Readonly<Record<string, unknown>>,
): { readonly conditions: Partial<Conditions>; readonly rest: Readonly<Record<string, unknown>> } => {
  const isCondition = ([key]: readonly [string, unknown]): boolean => Object.hasOwn(NAMES, key);
  const entries = Object.entries(stored);
  return {
    conditions: Object.fromEntries(entries.filter(isCondition)),
    rest: Object.fromEntries(entries.filter((entry) => !isCondition(entry))),
  };
};

/**
 * What differs from where a run was begun, in one line; undefined where nothing does that is known.
 *
 * @param began those that the run's folder has
 * @param now those of this process
 */
export const changedConditions = (
  began: Partial<Conditions>,
  now: Partial<Conditions>,
): string | undefined => {
  const changes = KEYS.flatMap((key) => {
    const was = began[key];
    const isSame =
      was === undefined ||
      was === now[key] ||
      (key === "threads" && now.device !== "cpu" && now.device !== "wasm");
    return isSame ? [] : [`${NAMES[key]} ${shownValue(was).slice(0, 80)} then, ${now[key]} now`];
  });
  if (changes.length === 0) return undefined;
  return `the run goes on under other conditions than it was begun under, so that it will not be bit for bit what it would have been: ${changes.join("; ")}`;
};
