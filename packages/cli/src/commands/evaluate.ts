/** tsgan evaluate */
import { Command } from "commander";
import type { Better, Judgement } from "tsgan/metrics";
import { deviceOption, integer, jsonOption, stepOption, threadsOption, useOption } from "../options.ts";
import { formatNumber } from "../progress.ts";
import { printWarnings, wrap } from "../text.ts";

interface EvaluateFlags {
  readonly use?: readonly string[];
  readonly metrics?: string;
  readonly samples: number;
  readonly features?: string;
  readonly layer?: string;
  readonly seed?: number;
  readonly step?: number | "best";
  readonly device?: "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly json?: boolean;
}

export const evaluateCommand = (): Command =>
  new Command("evaluate")
    .description(
      "Judge the generator of a run: FID, precision and recall, modes, copies of training examples.",
    )
    .argument("[RUN]", "folder of a run")
    .option("--metrics <a,b>", "metrics to compute (default: all that apply; --metrics help lists them)")
    .option("--samples <n>", "number of samples", integer(2), 10_000)
    .option(
      "--features <name>",
      "features by name, or an ONNX model (default: by data set; --features help lists them)",
    )
    .option("--layer <name>", "layer of the ONNX model (default: its first output)")
    .option("--seed <n>", "seed of the samples and of random subsets (default: the run's)", integer(0))
    .addOption(stepOption())
    .addOption(useOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(jsonOption("print the figures as JSON"))
    .addHelpText(
      "after",
      `
A model given by --features takes images as [batch,channels,height,width], float32 in [-1, 1] or uint8; images are
resized to it. Figures compare only at the same number of samples and with the same features.

Examples:
  tsgan evaluate runs/mnist-1
  tsgan evaluate runs/mnist-1 --metrics fid,precision-recall --samples 50000 --json
  tsgan evaluate runs/photos-1 --features inception.onnx --layer pool3`,
    )
    .action(run);

const run = async (path: string | undefined, flags: EvaluateFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { catalogue, featureCatalogue } = await import("tsgan/metrics");
  const { default: pc } = await import("picocolors");
  if (flags.metrics === "help" || flags.features === "help") {
    const listed = flags.metrics === "help" ? catalogue : featureCatalogue;
    const width = Math.max(...listed.names.map((name) => name.length)) + 2;
    for (const { definition } of listed.all) {
      const text = `${definition.title}; ${definition.suits}`;
      process.stdout.write(
        `${wrap(text, " ".repeat(width)).replace(" ".repeat(width), pc.bold(definition.name.padEnd(width)))}\n`,
      );
    }
    return;
  }
  if (path === undefined) {
    const { UsageError } = await import("tsgan");
    throw new UsageError("evaluate: expected the folder of a run; got none; name it");
  }
  const { evaluateRun, openRun } = await import("tsgan/node");
  const { step, samples, features, layer, seed, device, threads } = flags;
  const live = process.stderr.isTTY === true;
  const run = openRun(path, { step, device, threads, onEvent: printWarnings });
  const evaluation = await evaluateRun(run, {
    metrics: flags.metrics?.split(",").map((name) => name.trim()),
    samples,
    features,
    layer,
    seed,
    device,
    threads,
    onProgress: (done, total) => {
      if (live) process.stderr.write(`\r\u001b[Kfeatures of the training set ${done}/${total}`);
      if (live && done === total) process.stderr.write("\r\u001b[K");
    },
  });
  await run.trainer.dispose();
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(evaluation, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    `${path}, step ${evaluation.step}: ${evaluation.samples} samples\n` +
      `${wrap(`features: ${evaluation.features.name}, ${evaluation.features.description}`, "")}\n\n` +
      tableOf(evaluation, pc),
  );
};

/** Which way is better; a figure that is to be compared with the data's own has none. */
const arrows: Readonly<Record<Better, string>> = { lower: "↓", higher: "↑", neither: " " };

type Paint = Readonly<Record<"bold" | "dim" | "yellow", (text: string) => string>>;

/** Figures with what to know of each, then what could not be computed. */
export const tableOf = ({ figures, leftOut }: Judgement, { bold, dim, yellow }: Paint): string => {
  const width = Math.max(...figures.map(({ label }) => label.length));
  const rows = figures.flatMap(({ label, value, better, note, unreliable }) => [
    `${bold(label.padEnd(width))} ${arrows[better]} ${formatNumber(value).padStart(9)}` +
      `${unreliable === undefined ? "" : ` ${yellow("(unreliable)")}`}`,
    ...(unreliable === undefined ? [] : [yellow(wrap(unreliable, "    "))]),
    dim(wrap(note, "    ")),
  ]);
  const rest = leftOut.map(({ metric, reason }) => wrap(`left out: ${metric}: ${reason}`, ""));
  return `${[...rows, ...rest].join("\n")}\n`;
};
