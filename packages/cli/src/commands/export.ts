/** tsgan export */
import { join } from "node:path";
import { Command } from "commander";
import { jsonOption, stepOption, useOption } from "../options.ts";
import { print, printJson, printWarnings } from "../text.ts";

interface ExportFlags {
  readonly use?: readonly string[];
  readonly out?: string;
  readonly step?: number | "best";
  readonly json?: boolean;
}

export const exportCommand = (): Command =>
  new Command("export")
    .description("Write the generator of a run as an ONNX model: input z [batch, latent], output image.")
    .argument("<RUN>", "folder of a run")
    .option("--out <file>", "file to write (default: RUN/generator.onnx)")
    .addOption(stepOption())
    .addOption(useOption())
    .addOption(jsonOption("print what was written as JSON"))
    .action(run);

const run = async (path: string, flags: ExportFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { openRun, writeFileAtomic } = await import("tsgan/node");
  const { trainer } = openRun(path, { step: flags.step, onEvent: printWarnings });
  const { out = join(path, "generator.onnx") } = flags;
  const bytes = await trainer.exportGenerator();
  writeFileAtomic(out, bytes);
  const { latent, shape } = trainer.gan.model;
  await trainer.dispose();
  const result = { out, bytes: bytes.length, step: trainer.progress.step, latent: latent.size, shape };
  if (flags.json) printJson(result);
  else print(`generator: ${out}\n`);
};
