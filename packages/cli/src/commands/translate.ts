/** tsgan translate */
import { join } from "node:path";
import { Command, Option } from "commander";
import type { Fit } from "tsgan/data";
import type { OpenedRun } from "tsgan/node";
import {
  checkEnding,
  deviceOption,
  fitOption,
  integer,
  jsonOption,
  stepOption,
  useOption,
} from "../options.ts";
import { formatNumber } from "../progress.ts";
import { plain, print, printJson, printWarnings } from "../text.ts";

interface TranslateFlags {
  readonly use?: readonly string[];
  readonly count?: number;
  readonly split?: "train" | "test";
  readonly back?: boolean;
  readonly fit?: Fit;
  readonly out?: string;
  readonly step?: number | "best";
  readonly device?: "cpu" | "wasm" | "webgpu" | "cuda";
  readonly json?: boolean;
}

/** Pairs in the picture. */
const SHOWN = 16;

export const translateCommand = (): Command =>
  new Command("translate")
    .description(
      "Translate pictures of your own with a run of pix2pix or cyclegan; without any, held-out pairs, and say how far they are from the truth.",
    )
    .argument("<RUN>", "folder of a run")
    .argument("[FILES...]", "pictures to translate, or folders of them")
    .option(
      "--out <path>",
      "with FILES the folder to write to, else a PNG file (default: RUN/translation.png)",
    )
    .option("--back", "with FILES: second images into first ones, where the run translates both ways")
    .addOption(fitOption())
    .option("--count <n>", "number of held-out pairs (default: 1000)", integer(1))
    .addOption(
      new Option("--split <name>", "pairs of which split (default: test)").choices(["train", "test"]),
    )
    .addOption(stepOption())
    .addOption(useOption())
    .addOption(deviceOption())
    .addOption(jsonOption("print the figures as JSON"))
    .addHelpText(
      "after",
      `
Examples:
  tsgan translate runs/sprites                                  # held-out pairs
  tsgan translate runs/sprites drawing.png more/ --out coloured  # your own pictures`,
    )
    .action(run);

const run = async (path: string, files: readonly string[], flags: TranslateFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { UsageError } = await import("tsgan");
  const { openRun, translatePairs, translationPng, writeFileAtomic } = await import("tsgan/node");
  const ofPairs = { "--count": flags.count, "--split": flags.split };
  const ofFiles = { "--back": flags.back, "--fit": flags.fit };
  for (const [flag, value] of Object.entries(files.length > 0 ? ofPairs : ofFiles)) {
    if (value === undefined) continue;
    throw new UsageError(
      files.length > 0
        ? `${flag} is for held-out pairs; leave it out with FILES`
        : `${flag} is for pictures of your own; name their FILES`,
    );
  }
  if (files.length > 0 && flags.out === undefined) {
    throw new UsageError("translate: expected --out FOLDER, where the translations go; got none");
  }
  const { count = 1000, split = "test", step, device, out = join(path, "translation.png") } = flags;
  const opened = openRun(path, { step, device, onEvent: printWarnings });
  if (files.length > 0) return translateFiles(opened, files, out, flags);
  const { config, trainer, data, dataset } = opened;
  if (dataset.pairs === undefined) {
    throw new UsageError(`${path}: the run translates nothing; its model is ${config.model.name}`);
  }
  await checkEnding("translate: held-out pairs are drawn in", out, ".png");
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
    printJson(result);
    return;
  }
  print(`${path}, step ${trainer.progress.step}: ${pairs} ${split} pairs, pixels in [-1, 1]\n`);
  for (const { direction, l1, identity } of errors) {
    print(
      `${direction.padEnd(18)}L1 to the truth ${formatNumber(l1)}, unchanged ${formatNumber(identity)}\n`,
    );
  }
  print(`pictures:         ${out}\n`);
};

const translateFiles = async (
  run: OpenedRun,
  files: readonly string[],
  out: string,
  { back, fit, json }: TranslateFlags,
): Promise<void> => {
  const { translatePictures } = await import("tsgan/node");
  const { written, failed } = await translatePictures(run, files, { out, back, fit });
  await run.trainer.dispose();
  for (const message of failed) process.stderr.write(`warning: ${plain(message)}; it is left out\n`);
  if (json) {
    printJson({ out, step: run.trainer.progress.step, written, failed });
    return;
  }
  print(`${written.length} translated:  ${out}\n`);
};
