/** tsgan doctor */
import { Command } from "commander";
import { deviceOption, jsonOption, stepOption, threadsOption, useOption } from "../options.ts";
import { plainTexts, print, printJson, printStyled, printWarnings, wrap } from "../text.ts";

interface DoctorFlags {
  readonly use?: readonly string[];
  readonly step?: number | "best";
  readonly device?: "cpu" | "wasm" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly json?: boolean;
}

export const doctorCommand = (): Command =>
  new Command("doctor")
    .description("Say what is wrong with a run, on what evidence, and what to change.")
    .argument("<RUN>", "folder of a run")
    .addOption(stepOption())
    .addOption(useOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption("print the verdicts as JSON"))
    .action(run);

const run = async (path: string, flags: DoctorFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { examineRun } = await import("tsgan/node");
  const { default: pc } = await import("picocolors");
  const { step, device, threads } = flags;
  const examination = await examineRun(path, { step, device, threads, onEvent: printWarnings });
  if (flags.json) {
    printJson(examination, 2);
    return;
  }
  const at = examination.step === undefined ? "its records alone" : `step ${examination.step}`;
  print(`${path}, ${at}\n`);
  for (const { kind, severity, title, evidence, advice } of plainTexts(examination.verdicts)) {
    const paint = severity === "alarm" ? pc.red : kind === "healthy" ? pc.green : pc.cyan;
    printStyled(`\n${paint(pc.bold(title))} ${pc.dim(`(${kind})`)}\n${wrap(evidence, "  ")}\n`);
    if (advice !== "") print(`${wrap(advice, "    ").replace("    ", "  → ")}\n`);
  }
};
