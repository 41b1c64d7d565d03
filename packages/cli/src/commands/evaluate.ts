/** tsgan evaluate */
import { Command } from "commander";
import type { Fit, ImageSize } from "tsgan/data";
import type { Better, ByClass, Judgement, Sharing } from "tsgan/metrics";
import type { Compared, RunEvent } from "tsgan/node";
import {
  deviceOption,
  fitOption,
  imageSize,
  integer,
  jsonOption,
  names,
  stepOption,
  threadsOption,
  useOption,
} from "../options.ts";
import { formatNumber } from "../progress.ts";
import { plain, plainTexts, printJson, printStyled, printWarnings, wrap } from "../text.ts";

interface EvaluateFlags {
  readonly use?: readonly string[];
  readonly against?: string;
  readonly metrics?: readonly string[];
  readonly samples?: number;
  readonly imageSize?: ImageSize;
  readonly fit?: Fit;
  readonly columns?: readonly string[];
  readonly features?: string;
  readonly layer?: string;
  readonly preset?: string;
  readonly seed?: number;
  readonly step?: number | "best";
  readonly device?: "cpu" | "wasm" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly json?: boolean;
}

export const evaluateCommand = (): Command =>
  new Command("evaluate")
    .description(
      "Judge a run against its data, or anything against anything: FID, precision and recall, modes, copies.",
    )
    .argument("[A]", "folder of a run; with --against also a generator.onnx, pictures, a table, a data set")
    .option(
      "--against <B>",
      "what A is judged against: a run, a generator.onnx, a folder, .zip or array of pictures, a table of points, a data set by name (default: the run's data)",
    )
    .option(
      "--metrics <a,b>",
      "metrics to compute (default: all that apply; --metrics help lists them)",
      names,
    )
    .option("--samples <n>", "samples of a generator (default: 10000), or examples at most", integer(2))
    .option(
      "--image-size <size>",
      "with --against, what pictures are made to be (default: what the other side has)",
      imageSize,
    )
    .addOption(fitOption())
    .option("--columns <a,b>", "with --against, columns of tables of points", names)
    .option(
      "--features <name>",
      "features by name, or an ONNX model (default: by data set; --features help lists them)",
    )
    .option("--layer <name>", "layer of the ONNX model (default: its first output)")
    .option(
      "--preset <network>",
      "the network in the ONNX model, whose range, sides and layer are known: inception, dinov2, clip",
    )
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
  tsgan evaluate generated/ --against photos/ --image-size 64
  tsgan evaluate generator.onnx --against mnist
  tsgan evaluate runs/photos-1 --features inception.onnx --layer pool3
  tsgan evaluate runs/photos-1 --features clip.onnx --preset clip --metrics cmmd,kid`,
    )
    .action(run);

const run = async (path: string | undefined, flags: EvaluateFlags): Promise<void> => {
  const { useFiles } = await import("../use.ts");
  await useFiles(flags.use);
  const { catalogue, featureCatalogue } = await import("tsgan/metrics");
  const { default: pc } = await import("picocolors");
  const { metrics } = flags;
  const listsMetrics = metrics?.length === 1 && metrics[0] === "help";
  if (listsMetrics || flags.features === "help") {
    const listed = listsMetrics ? catalogue : featureCatalogue;
    const width = Math.max(...listed.names.map((name) => name.length)) + 2;
    for (const { definition } of listed.all) {
      const text = `${definition.title}; ${definition.suits}`;
      printStyled(
        `${wrap(text, " ".repeat(width)).replace(" ".repeat(width), pc.bold(definition.name.padEnd(width)))}\n`,
      );
    }
    return;
  }
  const { UsageError } = await import("tsgan");
  if (path === undefined) {
    throw new UsageError("evaluate: expected the folder of a run; got none; name it");
  }
  const { against } = flags;
  if (against !== undefined) return compare(path, against, flags, pc);
  for (const [flag, value] of [
    ["--image-size", flags.imageSize],
    ["--fit", flags.fit],
    ["--columns", flags.columns],
  ] as const) {
    if (value !== undefined) {
      throw new UsageError(`${flag} says how what is compared is read; give --against, too`);
    }
  }
  const { evaluateRun, holdsRun, noRunIn, openRun } = await import("tsgan/node");
  if (!holdsRun(path)) {
    throw new UsageError(`${noRunIn(path).message}; say what to judge it against with --against`);
  }
  const { step, samples, features, layer, preset, seed, device, threads } = flags;
  const run = openRun(path, { step, device, threads, onEvent: printWarnings });
  const evaluation = await evaluateRun(run, {
    metrics,
    ...(samples !== undefined && { samples }),
    features,
    layer,
    preset,
    seed,
    device,
    threads,
    onProgress: showProgress("features of the training set"),
  });
  await run.trainer.dispose();
  if (flags.json) {
    printJson(evaluation, 2);
    return;
  }
  const shown = plainTexts(evaluation);
  printStyled(
    `${plain(path)}, step ${shown.step}: ${shown.samples} samples\n` +
      `${wrap(`features: ${shown.features.name}, ${shown.features.description}`, "")}\n\n` +
      tableOf(shown, pc) +
      classesTable(shown.byClass, pc) +
      sharingText(shown.sharing, pc),
  );
};

/** Whether rows of a table may be shared, why, and what that does not say. */
const sharingText = (sharing: Sharing | undefined, { bold, dim }: Paint): string => {
  if (sharing === undefined) return "";
  const { sentence, reasons, limits } = sharing;
  const list = (items: readonly string[]): string => items.map((item) => wrap(`- ${item}`, "  ")).join("\n");
  return `\n${bold(wrap(sentence, ""))}\n${list(reasons)}\n${dim(list(limits))}\n`;
};

/** How far what takes long has come, on a terminal. */
const showProgress =
  (what: string) =>
  (done: number, total: number): void => {
    if (process.stderr.isTTY !== true) return;
    process.stderr.write(done === total ? "\r\u001b[K" : `\r\u001b[K${what} ${done}/${total}`);
  };

const compare = async (path: string, against: string, flags: EvaluateFlags, pc: Paint): Promise<void> => {
  const { comparePaths } = await import("tsgan/node");
  const { metrics, samples, features, layer, preset, seed, step, device, threads, imageSize, fit, columns } =
    flags;
  const reading = showProgress("reading");
  const onEvent = (event: RunEvent): void => {
    printWarnings(event);
    if (event.type === "reading") reading(event.done, event.total);
    if (event.type === "data" && !flags.json) process.stderr.write(`${plain(event.lines.join("\n  "))}\n`);
  };
  const comparison = await comparePaths(path, against, {
    metrics,
    samples,
    features,
    layer,
    preset,
    seed,
    step,
    device,
    threads,
    ...(imageSize !== undefined && { size: imageSize }),
    fit,
    columns,
    onEvent,
  });
  if (flags.json) {
    printJson(comparison, 2);
    return;
  }
  const shown = plainTexts(comparison);
  const { shape, features: used } = shown;
  const made =
    shape.length === 3 ? `${shape[2]} × ${shape[1]}, ${shape[0] === 1 ? "grey" : "colour"}` : "points";
  printStyled(
    `${sideText(shown.judged)} against ${sideText(shown.against)} (${made})\n` +
      `${wrap(`features: ${used.name}, ${used.description}`, "")}\n\n` +
      tableOf(shown, pc) +
      classesTable(shown.byClass, pc),
  );
};

const sideText = ({ path, kind, count, of, step }: Compared): string => {
  const at = step === undefined ? "" : `, step ${step}`;
  const noun = kind === "run" || kind === "generator" ? "samples" : "examples";
  return `${path}${at}: ${count}${of === undefined ? "" : ` of ${of}`} ${noun}`;
};

/** Which way is better; a figure that is to be compared with the data's own has none. */
const arrows: Readonly<Record<Better, string>> = { lower: "↓", higher: "↑", neither: " " };

type Paint = Readonly<Record<"bold" | "dim" | "yellow", (text: string) => string>>;

/** Parts of a figure that are printed, the worst first. */
const MOST_DETAILS = 20;

/** Figures with what to know of each, then what could not be computed. */
export const tableOf = ({ figures, leftOut }: Judgement, { bold, dim, yellow }: Paint): string => {
  const width = Math.max(...figures.map(({ label }) => label.length));
  const rows = figures.flatMap(({ label, value, better, note, unreliable, details = [] }) => [
    `${bold(label.padEnd(width))} ${arrows[better]} ${formatNumber(value).padStart(9)}` +
      `${unreliable === undefined ? "" : ` ${yellow("(unreliable)")}`}`,
    ...(unreliable === undefined ? [] : [yellow(wrap(unreliable, "    "))]),
    dim(wrap(note, "    ")),
    ...[...details]
      .sort((a, b) => (better === "lower" ? b.value - a.value : a.value - b.value))
      .slice(0, MOST_DETAILS)
      .map((part) => `    ${formatNumber(part.value).padStart(9)}  ${part.name}`),
    ...(details.length > MOST_DETAILS
      ? [dim(`    the ${MOST_DETAILS} worst of ${details.length}; --json has all`)]
      : []),
  ]);
  const rest = leftOut.map(({ metric, reason }) => wrap(`left out: ${metric}: ${reason}`, ""));
  return `${[...rows, ...rest].join("\n")}\n`;
};

/** Figures of each class, a row each: those that all classes have in common are columns. */
const classesTable = (byClass: ByClass | undefined, { bold, dim, yellow }: Paint): string => {
  if (byClass === undefined) return "";
  if (byClass.reason !== undefined) return `\n${wrap(`by class: left out: ${byClass.reason}`, "")}\n`;
  const { classes } = byClass;
  const columns = new Map(
    classes.flatMap(({ figures }) =>
      figures.map(({ key, label, better }) => [key, { label, better }] as const),
    ),
  );
  const width = Math.max("class".length, ...classes.map(({ name }) => plain(name).length));
  const heads = [...columns.values()].map(({ label, better }) => `${label} ${arrows[better]}`.trimEnd());
  const cell = (text: string, i: number): string => text.padStart(Math.max(10, heads[i].length));
  const head = `${"class".padEnd(width)}   samples  examples ${heads.map(cell).join(" ")}`;
  const rows = classes.map(({ name, samples, examples, figures }) => {
    const values = [...columns.keys()].map((key, i) => {
      const figure = figures.find((one) => one.key === key);
      if (figure === undefined) return cell("–", i);
      const text = cell(`${formatNumber(figure.value)}${figure.unreliable === undefined ? "" : "*"}`, i);
      return figure.unreliable === undefined ? text : yellow(text);
    });
    return `${plain(name).padEnd(width)} ${String(samples).padStart(9)} ${String(examples).padStart(9)} ${values.join(" ")}`;
  });
  const doubtful = classes.flatMap(({ figures }) => figures.flatMap(({ unreliable }) => unreliable ?? []));
  const notes = [
    ...(doubtful.length === 0 ? [] : [`* unreliable: ${doubtful[0]}`]),
    ...classes.flatMap(({ name, leftOut }) =>
      leftOut.map(({ metric, reason }) => `left out of ${plain(name)}: ${metric}: ${reason}`),
    ),
  ];
  return `\n${[bold(head), ...rows, ...notes.map((note) => dim(wrap(note, "    ")))].join("\n")}\n`;
};
