/** tsgan bench */
import { availableParallelism, cpus } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { deviceOption, integer, jsonOption, names, positive, threadsOption } from "../options.ts";
import { print, printJson } from "../text.ts";

interface BenchFlags {
  readonly only?: readonly string[];
  readonly device?: "cpu" | "wasm" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly together?: number;
  readonly precision?: "full" | "mixed";
  readonly seconds?: number;
  readonly json?: boolean;
}

/** Two that say most in little time: small networks, and images. */
const USUAL = ["mlp-ns", "dcgan28-ns"];

const seconds = (text: string): number => {
  const value = positive(text);
  if (value > 3600) throw new InvalidArgumentError("It must be at most 3600.");
  return value;
};

export const benchCommand = (): Command =>
  new Command("bench")
    .description(
      "Time training on this machine: milliseconds for a whole iteration of GANs that stay the same.",
    )
    .option("--only <names>", `workloads, or all (default: ${USUAL.join(",")})`, names)
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option("--together <n>", "iterations in one run of the device (default: 1)", integer(1))
    .addOption(
      new Option("--precision <precision>", "of the products: mixed (float16, on a GPU) or full").choices([
        "full",
        "mixed",
      ]),
    )
    .option("--seconds <n>", "how long each is timed (default: 3)", seconds)
    .addOption(jsonOption("print the figures as JSON"))
    .addHelpText(
      "after",
      `
Workloads: mlp-ns, mlp-wgan-gp, dcgan28-ns, dcgan28-wgan-gp, dcgan64-ns, resnet64-r1. Their losses are the same on every device, up
to rounding. docs/performance.md has figures of other programs.

Examples:
  tsgan bench
  tsgan bench --device webgpu --together 8
  tsgan bench --device webgpu --precision mixed
  tsgan bench --only all --json`,
    )
    .action(run);

const run = async ({ only = USUAL, json, ...options }: BenchFlags): Promise<void> => {
  const { measureSpeed, workloadNamed, workloads } = await import("tsgan/speed");
  const { defaultDevice, defaultThreads } = await import("tsgan/runtime");
  const { version } = await import("tsgan/node");
  const asked = only.join() === "all" ? Object.keys(workloads) : only;
  for (const name of asked) workloadNamed(name);
  const device = options.device ?? defaultDevice();
  const threads = options.threads ?? defaultThreads();
  const isProcessor = device === "cpu" || device === "wasm";
  const machine = `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${availableParallelism()} cores`;
  if (!json) {
    const precision = options.precision === "mixed" ? ", mixed precision" : "";
    const where = isProcessor
      ? `${device}, ${threads} ${threads === 1 ? "thread" : "threads"}`
      : `${device}${precision}`;
    print(`${machine}; tsgan ${version}, Node.js ${process.versions.node}; ${where}\n`);
  }
  const found = [];
  for (const name of asked) {
    const speed = await measureSpeed(name, { ...options, device, threads });
    found.push(speed);
    if (json) continue;
    const { ms, least, first } = speed;
    print(
      `${name.padEnd(16)} ${ms.toFixed(2).padStart(9)} ms an iteration (least ${least.toFixed(2)}), ` +
        `${(1000 / ms).toFixed(1)} a second; the first after ${first.toFixed(0)} ms\n`,
    );
  }
  if (json) {
    const { precision } = options;
    printJson({ version, machine, device, precision, ...(isProcessor && { threads }), workloads: found }, 2);
  }
};
