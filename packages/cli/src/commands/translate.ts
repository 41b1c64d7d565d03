/** tsgan translate */
import { join } from "node:path";
import { Command } from "commander";
import { deviceOption, integer, jsonOption, stepOption } from "../options.ts";
import { formatNumber } from "../progress.ts";
import { printWarnings } from "../text.ts";

interface TranslateFlags {
  readonly count: number;
  readonly split: "train" | "test";
  readonly out?: string;
  readonly step?: number | "best";
  readonly device?: "cpu" | "webgpu" | "cuda";
  readonly json?: boolean;
}

/** Pairs in the picture. */
const SHOWN = 16;

export const translateCommand = (): Command =>
  new Command("translate")
    .description(
      "Translate held-out pairs with a run of pix2pix or cyclegan: pictures, and how far they are from the truth.",
    )
    .argument("<RUN>", "folder of a run")
    .option("--count <n>", "number of pairs", integer(1), 1000)
    .option("--split <name>", "train or test", "test")
    .option("--out <file>", "PNG file to write (default: RUN/translation.png)")
    .addOption(stepOption())
    .addOption(deviceOption())
    .addOption(jsonOption("print the figures as JSON"))
    .action(run);

const run = async (path: string, flags: TranslateFlags): Promise<void> => {
  const { UsageError } = await import("tsgan");
  const { openRun, translatePairs, translationPng, writeFileAtomic } = await import("tsgan/node");
  const { count, split, step, device, out = join(path, "translation.png") } = flags;
  if (split !== "train" && split !== "test") {
    throw new UsageError(`--split must be train or test; got ${split}`);
  }
  const { config, trainer, data, dataset } = openRun(path, { step, device, onEvent: printWarnings });
  if (dataset.pairs === undefined) {
    throw new UsageError(`${path}: the run translates nothing; its model is ${config.model.name}`);
  }
  const { sources, outputs, errors } = await translatePairs(trainer, await data(split), count, config.seed);
  await trainer.dispose();
  const pair = dataset.shape.reduce((product, n) => product * n, 1);
  const pairs = sources.length / pair;
  const shown = pair * Math.min(SHOWN, pairs);
  writeFileAtomic(
    out,
    await translationPng(sources.subarray(0, shown), outputs.subarray(0, shown), dataset.shape),
  );
  if (flags.json) {
    const result = { out, split, pairs, step: trainer.progress.step, errors };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  process.stdout.write(
    `${path}, step ${trainer.progress.step}: ${pairs} ${split} pairs, pixels in [-1, 1]\n`,
  );
  for (const { direction, l1, identity } of errors) {
    process.stdout.write(
      `${direction.padEnd(18)}L1 to the truth ${formatNumber(l1)}, unchanged ${formatNumber(identity)}\n`,
    );
  }
  process.stdout.write(`pictures:         ${out}\n`);
};
