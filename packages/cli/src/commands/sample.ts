/** tsgan sample */
import { join } from "node:path";
import { Command } from "commander";
import type { OpenedRun, WalkFormat, WrittenRows } from "tsgan/node";
import { checkEnding, deviceOption, integer, jsonOption, stepOption, useOption } from "../options.ts";
import { onSignals } from "../signals.ts";
import { print, printJson, printWarnings } from "../text.ts";

interface SampleFlags {
  readonly use?: readonly string[];
  readonly count?: number;
  readonly rows?: number;
  readonly where?: readonly string[];
  readonly walk?: boolean;
  readonly out?: string;
  readonly seed?: number;
  readonly step?: number | "best";
  readonly device?: "cpu" | "wasm" | "webgpu" | "cuda";
  readonly json?: boolean;
}

/** Samples that are drawn. */
const COUNT = 64;

export const sampleCommand = (): Command =>
  new Command("sample")
    .description(
      "Draw samples from the generator of a run: a PNG file, points as numbers, or rows of a table.",
    )
    .argument("<RUN>", "folder of a run, or a generator.onnx")
    .option("--count <n>", `number of samples (default: ${COUNT})`, integer(1))
    .option("--rows <n>", "number of rows, of a run of a table (default: as many as it has)", integer(1))
    .option(
      "--where <condition>",
      'condition on rows, such as country=DE or "age>=40"; repeatable',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option("--walk", "a walk from sample to sample as a moving picture, a .gif or .webp file")
    .option(
      "--out <file>",
      "file to write: PNG (default: RUN/sample.png; of x.onnx x.png), .csv of points, .gif or .webp of a walk (default: RUN/walk.gif), or .csv or .jsonl of rows",
    )
    .option(
      "--seed <n>",
      "seed of the latent vectors (default: the run's, whose samples are shown in training; 1 of a generator.onnx)",
      integer(0),
    )
    .addOption(stepOption())
    .addOption(useOption())
    .addOption(deviceOption())
    .addOption(jsonOption("print what was written as JSON"))
    .addHelpText(
      "after",
      `
Examples:
  tsgan sample runs/mnist-1 --count 100
  tsgan sample generator.onnx --out grid.png
  tsgan sample runs/ring --count 10000 --out points.csv
  tsgan sample runs/mnist-1 --walk --count 20 --out walk.webp
  tsgan sample runs/customers --rows 10000 --out synthetic.csv
  tsgan sample runs/customers --rows 500 --where country=DE --where "age>=40" --out germans.jsonl`,
    )
    .action(run);

const isCsv = (path: string): boolean => /\.csv$/i.test(path);

const run = async (path: string, flags: SampleFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  if (/\.onnx$/i.test(path)) return sampleFile(path, flags);
  const { openRun, planOfRun, writeRows } = await import("tsgan/node");
  const { UsageError } = await import("tsgan");
  const { count = COUNT, step, device } = flags;
  const opened = openRun(path, { step, device, onEvent: printWarnings });
  const { config, dataset, trainer } = opened;
  if (flags.walk) {
    const { out = join(path, "walk.gif"), seed = config.seed } = flags;
    await writeWalk(opened, { out, seed, count, json: flags.json ?? false });
    return;
  }
  if (dataset.table !== undefined || flags.rows !== undefined || flags.where !== undefined) {
    if (flags.count !== undefined) {
      throw new UsageError("sample: --count is for pictures; --rows says how many rows; leave it out");
    }
    const { rows = planOfRun(opened).rows, where, out = join(path, "sample.csv"), seed } = flags;
    const live = process.stderr.isTTY === true;
    const stop = new AbortController();
    const signals = onSignals(() => stop.abort());
    const written = await writeRows(opened, {
      rows,
      where,
      out,
      seed,
      signal: stop.signal,
      onProgress: (done) => {
        if (live) process.stderr.write(`\r\u001b[K${done.toLocaleString("en-US")} rows`);
      },
    }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
      return undefined;
    });
    signals.off();
    if (live) process.stderr.write("\r\u001b[K");
    await trainer.dispose();
    if (written === undefined) {
      process.exitCode = signals.exitCode();
      return;
    }
    printRows({ out, step: trainer.progress.step, ...written }, flags.json ?? false);
    return;
  }
  const { seed = config.seed, out = join(path, "sample.png") } = flags;
  await writeSamples(opened, { out, seed, count, json: flags.json ?? false });
};

interface SamplesAsked {
  readonly out: string;
  readonly seed: number;
  readonly count: number;
  readonly json: boolean;
}

/** A picture of images, pairs or points, or the numbers of points, as the name of the file says. */
const writeSamples = async (
  { dataset, trainer, data }: OpenedRun,
  { out, seed, count, json }: SamplesAsked,
): Promise<void> => {
  const { pointsCsv, sampleColumns, samplePng, translationPng, writeFileAtomic } = await import("tsgan/node");
  const { shape, pairs, classes, reading } = dataset;
  const arePoints = shape.length === 1;
  if (arePoints) await checkEnding("sample: points are written to", out, ".png", ".csv");
  else await checkEnding("sample: samples are drawn in", out, ".png");
  const examples = await trainer.sample(count, { seed });
  if (arePoints && isCsv(out)) {
    const names = reading?.table?.columns.map(({ name }) => name);
    writeFileAtomic(out, pointsCsv(examples, shape[0], names));
  } else if (pairs) {
    const inputs = (await (await data()).draw(seed, 0, count)).examples;
    writeFileAtomic(out, await translationPng(inputs, examples, shape));
  } else {
    const columns = sampleColumns(trainer.gan.model, classes);
    writeFileAtomic(out, await samplePng(examples, shape, undefined, columns));
  }
  await trainer.dispose();
  if (json) printJson({ out, count, seed, step: trainer.progress.step });
  else print(`samples:   ${out}\n`);
};

/** A moving picture, as the name of the file says. */
const writeWalk = async (
  { dataset, trainer }: OpenedRun,
  { out, seed, count, json }: SamplesAsked,
): Promise<void> => {
  const { walkPicture, writeFileAtomic } = await import("tsgan/node");
  const { UsageError } = await import("tsgan");
  const [, format] = /\.(gif|webp)$/i.exec(out) ?? [];
  if (format === undefined) {
    throw new UsageError(
      `sample: a walk is written to a .gif or .webp file; got ${out}; give --out another name`,
    );
  }
  const { classes } = dataset;
  const picture = await walkPicture(trainer, count, {
    seed,
    format: format.toLowerCase() as WalkFormat,
    ...(classes && { classes }),
  });
  writeFileAtomic(out, picture);
  await trainer.dispose();
  if (json) printJson({ out, count, seed, step: trainer.progress.step });
  else print(`walk:      ${out}\n`);
};

/** Samples of an exported or imported generator. */
const sampleFile = async (path: string, flags: SampleFlags): Promise<void> => {
  const { sampleGeneratorFile, writeFileAtomic } = await import("tsgan/node");
  const { UsageError } = await import("tsgan");
  const { rows, where, step, walk } = flags;
  const ofRuns = Object.entries({ rows, where, step, walk }).find(([, value]) => value !== undefined);
  if (ofRuns !== undefined)
    throw new UsageError(`--${ofRuns[0]} is for runs; ${path} is a generator; leave it out`);
  const { count = COUNT, device, seed = 1, out = path.replace(/\.onnx$/i, ".png") } = flags;
  await checkEnding("sample: samples are written to", out, ".png", ".csv");
  const format = isCsv(out) ? "csv" : "png";
  writeFileAtomic(out, await sampleGeneratorFile(path, count, seed, { device, format }));
  if (flags.json) printJson({ out, count, seed });
  else print(`samples:   ${out}\n`);
};

interface RowsWritten extends WrittenRows {
  readonly out: string;
  readonly step: number;
}

/** What was written, and how many rows were made for it where conditions refused some. */
const printRows = (result: RowsWritten, json: boolean): void => {
  const { out, rows, made } = result;
  const acceptance = rows / made;
  if (json) {
    printJson({ ...result, acceptance });
    return;
  }
  const share =
    made > rows ? ` (${(100 * acceptance).toPrecision(3)} % of the rows made met the conditions)` : "";
  print(`rows:      ${out}: ${rows.toLocaleString("en-US")}${share}\n`);
};
