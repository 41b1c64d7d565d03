/** tsgan sample */
import { join } from "node:path";
import { Command } from "commander";
import { deviceOption, integer, jsonOption, stepOption, useOption } from "../options.ts";
import { printWarnings } from "../text.ts";

interface SampleFlags {
  readonly use?: readonly string[];
  readonly count: number;
  readonly out?: string;
  readonly seed?: number;
  readonly step?: number | "best";
  readonly device?: "cpu" | "webgpu" | "cuda";
  readonly json?: boolean;
}

export const sampleCommand = (): Command =>
  new Command("sample")
    .description("Draw samples from the generator of a run as a PNG file.")
    .argument("<RUN>", "folder of a run")
    .option("--count <n>", "number of samples", integer(1), 64)
    .option("--out <file>", "PNG file to write (default: RUN/sample.png)")
    .option(
      "--seed <n>",
      "seed of the latent vectors (default: the run's, whose samples are shown in training)",
      integer(0),
    )
    .addOption(stepOption())
    .addOption(useOption())
    .addOption(deviceOption())
    .addOption(jsonOption("print what was written as JSON"))
    .action(run);

const run = async (path: string, flags: SampleFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { openRun, sampleColumns, samplePng, translationPng, writeFileAtomic } = await import("tsgan/node");
  const { count, step, device } = flags;
  const { config, dataset, trainer, data } = openRun(path, { step, device, onEvent: printWarnings });
  const { seed = config.seed, out = join(path, "sample.png") } = flags;
  const examples = await trainer.sample(count, { seed });
  const picture = dataset.pairs
    ? await translationPng((await (await data()).draw(seed, 0, count)).examples, examples, dataset.shape)
    : await samplePng(examples, dataset.shape, undefined, sampleColumns(trainer.gan.model, dataset.classes));
  writeFileAtomic(out, picture);
  await trainer.dispose();
  const result = { out, count, seed, step: trainer.progress.step };
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `samples:   ${out}\n`);
};
