/**
 * Trains images on the GPU, by WebGPU, and on the processor: equal losses, and how long an iteration takes; PyTorch on the same GPU
 * where a Python has it. It needs nothing but what `gpu-archive.ts` puts beside it.
 *
 *   ./check.sh [--only dcgan28-ns,dcgan64-ns,resnet64-r1] [--together 8] [--seconds 5] [--minutes 9] [--python python3] [--out FILE]
 */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Device } from "tsgan/runtime";
import { measureSpeed, type Speed } from "tsgan/speed";
import { differenceOf, SAME } from "./difference.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    only: { ...text, default: "dcgan28-ns,dcgan64-ns,resnet64-r1" },
    together: { ...text, default: "8" },
    seconds: { ...text, default: "5" },
    minutes: { ...text, default: "9" },
    python: { ...text, default: "python3" },
    out: { ...text, default: "result.json" },
    /** WORKLOAD,DEVICE,TOGETHER: one measurement, in a process of its own. */
    one: text,
  },
});
const self = fileURLToPath(import.meta.url);
const end = performance.now() + 60_000 * Number(values.minutes);

/** A measurement takes no more than this part of the time: the next ones have theirs. */
const LONGEST_MS = 120_000;

/** Runs a program for as long as there is time: the JSON in its last line, or why there is none. */
const json = (command: string, args: readonly string[]): unknown => {
  const timeout = Math.min(LONGEST_MS, end - performance.now());
  if (timeout < 1000) return "no time was left";
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  return error?.message ?? stderr.trim().split("\n").at(-1) ?? `it ended with ${status}`;
};

const measured = (workload: string, device: Device, together: number): Speed | string =>
  json(process.execPath, [
    self,
    ...["--one", `${workload},${device},${together}`, "--seconds", values.seconds],
  ]) as Speed | string;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Milliseconds of an iteration in PyTorch on the GPU, or why there are none. */
const torch = (workload: string): number | string => {
  const script = join(dirname(self), "peer_torch.py");
  if (!existsSync(script)) return "no script";
  const found = json(values.python, [script, "--device", "cuda", "--only", workload]);
  if (typeof found === "string") return found;
  return (found as { workloads: Record<string, { ms: number }> }).workloads[workload].ms;
};

const check = (workload: string) => {
  const together = Number(values.together);
  const processor = measured(workload, "cpu", 1);
  const gpu = { 1: measured(workload, "webgpu", 1), [together]: measured(workload, "webgpu", together) };
  say(
    `${workload}: processor ${typeof processor === "string" ? processor : `${processor.ms.toFixed(1)} ms`}`,
  );
  const found = Object.entries(gpu).map(([count, speed]) => {
    const how = `WebGPU, ${count} in a run`;
    if (typeof speed === "string" || typeof processor === "string") {
      say(`  ${how}: ${typeof speed === "string" ? speed : "nothing to compare it with"}`);
      return { how, failure: speed, same: false };
    }
    const difference = differenceOf(processor.records, speed.records);
    const same = difference <= SAME;
    say(
      `  ${how}: ${speed.ms.toFixed(2)} ms, the first run after ${(speed.first / 1000).toFixed(1)} s; ` +
        `losses differ by ${difference.toExponential(1)}${same ? "" : `, more than ${SAME}`}`,
    );
    return { how, ms: speed.ms, first: speed.first, difference, same };
  });
  const peer = torch(workload);
  say(`  PyTorch: ${typeof peer === "string" ? peer.slice(0, 120) : `${peer.toFixed(2)} ms`}`);
  return { workload, processor, webgpu: found, torch: peer };
};

if (values.one !== undefined) {
  const [workload, device, together] = values.one.split(",");
  const options = { device: device as Device, together: Number(together), seconds: Number(values.seconds) };
  say(JSON.stringify(await measureSpeed(workload, options)));
} else {
  const card = spawnSync("nvidia-smi", ["-L"], { encoding: "utf8" }).stdout?.trim() ?? "";
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores${card === "" ? "" : `; ${card}`}`;
  say(machine);
  const workloads = values.only.split(",").map(check);
  writeFileSync(
    values.out,
    `${JSON.stringify({ date: new Date().toISOString(), machine, workloads }, null, 2)}\n`,
  );
  if (workloads.some(({ webgpu }) => webgpu.some(({ same }) => !same))) process.exitCode = 1;
}
