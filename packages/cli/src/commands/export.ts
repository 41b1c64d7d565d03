/** tsgan export */
import { join } from "node:path";
import { Command } from "commander";
import { fileOf, jsonOption, stepOption, useOption } from "../options.ts";
import { print, printJson, printWarnings } from "../text.ts";

interface ExportFlags {
  readonly use?: readonly string[];
  readonly out?: string;
  readonly hub?: string;
  readonly step?: number | "best";
  readonly json?: boolean;
}

export const exportCommand = (): Command =>
  new Command("export")
    .description("Write the generator of a run as an ONNX model: input z [batch, latent], output image.")
    .argument("<RUN>", "folder of a run")
    .option("--out <file>", "file to write (default: RUN/generator.onnx)", fileOf(".onnx"))
    .option(
      "--hub <folder>",
      "write a folder instead, as transformers.js and Python's hub lay models out: config.json, onnx/model.onnx",
    )
    .addOption(stepOption())
    .addOption(useOption())
    .addOption(jsonOption("print what was written as JSON"))
    .action(run);

/** What a hub's config.json says of a generator; `model_type` is what transformers.js asks for. */
const hubConfig = async (bytes: Uint8Array, file: string): Promise<Readonly<Record<string, unknown>>> => {
  const { openGenerator } = await import("tsgan");
  const { facts, dispose } = await openGenerator(bytes, file);
  await dispose();
  const { latent, shape, classes, classNames } = facts;
  return {
    model_type: "tsgan",
    latent_size: latent.size,
    latent_parts: latent.parts,
    example_shape: shape,
    ...(classes !== undefined && { num_labels: classes }),
    ...(classNames !== undefined && { id2label: Object.fromEntries(classNames.entries()) }),
  };
};

const run = async (path: string, flags: ExportFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  if (flags.hub !== undefined && flags.out !== undefined) {
    const { UsageError } = await import("tsgan");
    throw new UsageError(
      "export: --out names a file, --hub a folder with a file of its own name; leave one out",
    );
  }
  const { openRun, writeFileAtomic } = await import("tsgan/node");
  const { trainer } = openRun(path, { step: flags.step, onEvent: printWarnings });
  const { hub, out = hub === undefined ? join(path, "generator.onnx") : join(hub, "onnx/model.onnx") } =
    flags;
  const bytes = await trainer.exportGenerator();
  if (hub !== undefined) {
    const config = await hubConfig(bytes, out);
    writeFileAtomic(join(hub, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  }
  writeFileAtomic(out, bytes);
  const { latent, shape } = trainer.gan.model;
  await trainer.dispose();
  const result = { out, bytes: bytes.length, step: trainer.progress.step, latent: latent.size, shape };
  if (flags.json) printJson(result);
  else print(`generator: ${out}\n`);
};
