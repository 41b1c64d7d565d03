/**
 * Every adversarial loss of the catalogue on ring and grid: modes covered and share of high-quality samples.
 *
 *   node packages/dev/dist/bench/matrix.js [--only LOSS,…] [--data ring,grid] [--seeds 3] [--steps N] [--json]
 *     [--write docs/losses-matrix.md] [--workers 2] [--fresh] [--kept]
 *
 * One process a cell (a loss, a data set, a seed), on one thread each. Finished cells are kept in tsgan's cache by their
 * whole configuration, so that a stopped matrix goes on where it was; --fresh runs them again, as it takes after a
 * change of the library, and --kept runs none, but shows those that are finished.
 */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { losses, UsageError } from "tsgan";
import { type ConfigInput, defaults, type RunConfig, resolveConfig } from "tsgan/config";
import { grid, type MixtureDataset, ring } from "tsgan/data";
import { matrix } from "tsgan/distances";
import { countModes } from "tsgan/metrics";
import { cacheFolder, readJson, writeFileAtomic } from "tsgan/node";
import { median } from "tsgan/statistics";
import { NotFiniteError, trainerOf } from "tsgan/train";
import { runScript } from "../script.ts";

const datasets: Readonly<Record<string, () => MixtureDataset>> = { ring, grid };

const SAMPLES = 2500;
/** A mode is held when it has at least this share of the high-quality samples that would be its due, SAMPLES / K. */
const LEAST_SHARE = 0.2;
const GOOD_QUALITY = 0.85;

/** Iterations of the losses that must reach every mode, and of all others. */
const REQUIRED_STEPS = 8000;
const OTHER_STEPS = 2500;
const required: readonly string[] = ["non-saturating-r1", "rpgan-r1-r2", "wgan-gp"];

interface Row {
  readonly name: string;
  readonly input: ConfigInput;
}

/**
 * All presets, and all losses of raw scores under the defaults for points, which add R1. Two losses stand without it as
 * well, to show what it does.
 */
const rows: readonly Row[] = [
  ...["minimax", "non-saturating"].map((loss) => ({ name: `${loss}-alone`, input: { loss, penalties: [] } })),
  ...losses.catalogue.names
    .filter((name) => !losses.presets().some((preset) => preset.name === name) && name !== "non-saturating")
    .map((loss) => ({ name: loss, input: { loss } })),
  ...losses.presets().map(({ name }) => ({ name, input: { loss: name } })),
];

interface Result {
  /** Modes with at least one high-quality sample. */
  readonly modes: number;
  /** Modes with at least LEAST_SHARE of their due. */
  readonly held: number;
  /** Share of the samples within three standard deviations of their mode. */
  readonly quality: number;
  /** Processor time of the training, which a busy machine changes less than the clock's. */
  readonly seconds: number;
  /** Why there are no samples. */
  readonly failure?: string;
}

interface Cell {
  readonly row: string;
  readonly config: RunConfig;
}

type CellResult = Cell & Result;

/** Trains one cell. A loss that is no longer finite has covered nothing. */
const runCell = async (config: RunConfig): Promise<Result> => {
  const dataset = datasets[config.data]();
  const { centres, deviation } = dataset;
  const trainer = trainerOf({ config, dataset, threads: 1 });
  const before = process.cpuUsage();
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  try {
    for (let i = 0; i < config.steps; i++) await trainer.iterate();
  } catch (error) {
    if (!(error instanceof NotFiniteError)) throw error;
    return { modes: 0, held: 0, quality: 0, seconds: seconds(), failure: error.message };
  }
  const time = seconds();
  const samples = matrix(SAMPLES, 2, await trainer.sample(SAMPLES));
  const count = countModes(samples, matrix(centres.length, 2, centres.flat()), deviation);
  const due = SAMPLES / centres.length;
  return {
    modes: count.modesCovered,
    held: count.counts.reduce((held, own) => held + (own >= LEAST_SHARE * due ? 1 : 0), 0),
    quality: count.highQualityFraction,
    seconds: time,
  };
};

const cacheFile = (config: RunConfig): string => {
  const key = createHash("sha256").update(JSON.stringify({ config, SAMPLES, LEAST_SHARE })).digest("hex");
  return join(cacheFolder(), "losses-matrix", `${key.slice(0, 32)}.json`);
};

/** Runs a cell in a process of its own, whose memory and faults end with it. */
const runApart = (config: RunConfig): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["--cell", JSON.stringify(config)]);
    let result: Result | undefined;
    child.on("message", (message) => {
      result = message as Result;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (result !== undefined) resolve(result);
      else
        reject(
          new Error(
            `matrix: the process of ${config.loss.name} on ${config.data} ended with ${code ?? signal}`,
          ),
        );
    });
  });

/** Runs all cells that are not in the cache, `workers` at a time. */
const runAll = async (cells: readonly Cell[], workers: number, fresh: boolean): Promise<CellResult[]> => {
  mkdirSync(join(cacheFolder(), "losses-matrix"), { recursive: true });
  const results: CellResult[] = [];
  const queue = [...cells.entries()];
  let finished = 0;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [position, cell] = next;
      const file = cacheFile(cell.config);
      const known = !fresh && existsSync(file);
      const result = known ? (readJson(file) as Result) : await runApart(cell.config);
      if (!known) writeFileAtomic(file, JSON.stringify(result));
      results[position] = { ...cell, ...result };
      finished++;
      const { modes, quality, seconds, failure } = result;
      const outcome = failure ?? `${modes} modes, ${percent(quality)}, ${seconds.toFixed(0)} s`;
      const where = `${cell.row} ${cell.config.data} seed ${cell.config.seed}`;
      process.stderr.write(`${finished}/${cells.length} ${where}: ${outcome}${known ? " (kept)" : ""}\n`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results;
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** "weight-clipping 0.1": a thing with the values of its options. */
const brief = ({ name, ...options }: RunConfig["loss"]): string =>
  [name, ...Object.values(options)].join(" ");

/** What is around the loss that is not the same for all. */
const settings = ({ loss, penalties, criticSteps, batch, optimizer, model }: RunConfig): string => {
  const { points } = defaults;
  const own = Object.entries(model).filter(([key]) => !Object.hasOwn(points.model, key));
  const lossOptions = Object.entries(loss).filter(([key]) => key !== "name");
  return [
    ...lossOptions.map(([key, value]) => `${key} ${value}`),
    ...penalties.map(brief),
    ...(criticSteps === points.criticSteps ? [] : [`${criticSteps} critic steps`]),
    ...(batch === points.batch ? [] : [`batch ${batch}`]),
    ...(optimizer.discriminator.name === points.optimizer.discriminator.name
      ? []
      : [optimizer.discriminator.name]),
    ...own.map(([key, value]) => (value === true ? key : `${key} ${value}`)),
  ].join(", ");
};

/** Results of the same loss on the same data, one for each seed. */
const seedsOf = (results: readonly CellResult[], row: string, data: string): CellResult[] =>
  results.filter((result) => result.row === row && result.config.data === data);

const modeCount = (data: string): number => datasets[data]().centres.length;

const isGood = ({ modes, quality, config }: CellResult): boolean =>
  modes === modeCount(config.data) && quality >= GOOD_QUALITY;

const table = (results: readonly CellResult[], names: readonly string[], data: readonly string[]): string => {
  const head = data.flatMap((name) => {
    const all = modeCount(name);
    return [`${name}: modes of ${all}`, `held of ${all}`, "high quality"];
  });
  const header = ["loss", "with", "iterations", "seeds", ...head, "seconds"];
  const lines = names.map((name) => {
    const own = results.filter(({ row }) => row === name);
    const { config } = own[0];
    const seeds = Math.min(...data.map((set) => seedsOf(results, name, set).length));
    const figures = data.flatMap((set) => {
      const cells = seedsOf(results, name, set);
      const both = (values: readonly number[], text: (value: number) => string): string =>
        `${text(median(values))} (${text(Math.min(...values))})`;
      if (cells.some(({ failure }) => failure !== undefined)) {
        const lost = cells.filter(({ failure }) => failure !== undefined).length;
        return [`not finite: ${lost} of ${cells.length}`, "", ""];
      }
      return [
        both(
          cells.map(({ modes }) => modes),
          String,
        ),
        both(
          cells.map(({ held }) => held),
          String,
        ),
        both(
          cells.map(({ quality }) => quality),
          percent,
        ),
      ];
    });
    const seconds = median(own.map((result) => result.seconds)).toFixed(0);
    return [`\`${name}\``, settings(config) || "–", String(config.steps), String(seeds), ...figures, seconds];
  });
  const asLine = (columns: readonly string[]): string => `| ${columns.join(" | ")} |`;
  return [asLine(header), asLine(header.map(() => "---")), ...lines.map(asLine)].join("\n");
};

/** The names for which a test of all their cells holds, as code. */
const listed = (names: readonly string[]): string =>
  names.length === 0 ? "none" : names.map((name) => `\`${name}\``).join(", ");

const page = (results: readonly CellResult[], names: readonly string[], data: readonly string[]): string => {
  const rowsThat = (test: (own: readonly CellResult[]) => boolean): string[] =>
    names.filter((name) => test(results.filter(({ row }) => row === name)));
  const always = rowsThat((own) => own.every(isGood));
  const modesOnly = rowsThat(
    (own) => !own.every(isGood) && own.every(({ modes, config }) => modes === modeCount(config.data)),
  );
  const dropping = rowsThat((own) => own.some(({ modes, config }) => modes < modeCount(config.data)));
  const { hidden, latent, scale } = defaults.points.model;
  const averaged = defaults.points.techniques.find(({ name }) => name === "ema")?.decay;
  return `# Losses on mixtures of Gaussians

Written by \`node packages/dev/dist/bench/matrix.js --write docs/losses-matrix.md\`; do not edit.

Every adversarial loss of the catalogue on \`ring\` (8 modes, radius 2, deviation 0.02) and \`grid\` (25 modes, spacing 2,
deviation 0.05). All share one pair of multilayer perceptrons (${(hidden as number[]).join("-")}, latent ${latent}, scale ${scale}), Adam with a
learning rate that falls from 0.002 to 0, batch ${defaults.points.batch} and an averaged generator (${averaged}): the defaults for points. The column
"with" is what differs, as the losses' presets have it; rows that end in \`-alone\` have no penalty.

Of ${SAMPLES} samples, those within three standard deviations of their mode are of high quality. A mode is covered when it has
one of them (the papers' rule), and held when it has at least ${100 * LEAST_SHARE} % of its due, ${SAMPLES} / number of modes. Figures are the
median over the seeds and, in brackets, the worst. Seconds are of processor time for one run on one thread. Only
${listed(required)} were tuned, and run longer; the others show what the same settings give them.

${table(results, names, data)}

- All modes and at least ${100 * GOOD_QUALITY} % high quality with every seed: ${listed(always)}.
- All modes with every seed, but lower quality with some: ${listed(modesOnly)}.
- Modes missing with some seed: ${listed(dropping)}.
`;
};

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`matrix: --${name} must be a whole number of at least 1; got ${text}`);
};

/** The names given, each one of `known`; or all. */
const chosen = (option: string, text: string | undefined, known: readonly string[]): readonly string[] => {
  const names = text?.split(",") ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new UsageError(`matrix: --${option} knows ${known.join(", ")}; got "${unknown}"`);
};

const main = async (): Promise<void> => {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    options: {
      only: text,
      data: text,
      seeds: { ...text, default: "3" },
      steps: text,
      workers: { ...text, default: "2" },
      write: text,
      json: flag,
      fresh: flag,
      kept: flag,
      cell: text,
    },
  });
  if (values.cell !== undefined) {
    process.send?.(await runCell(JSON.parse(values.cell) as RunConfig));
    return;
  }
  const all = rows.map(({ name }) => name);
  const names = chosen("only", values.only, all);
  const data = chosen("data", values.data, Object.keys(datasets));
  const seeds = Array.from({ length: whole("seeds", values.seeds) }, (_, i) => i + 1);
  const stepsOf = (name: string): number => {
    if (values.steps !== undefined) return whole("steps", values.steps);
    return required.includes(name) ? REQUIRED_STEPS : OTHER_STEPS;
  };
  // Seed by seed, so that a matrix that is stopped early has seen every loss.
  const cells = seeds.flatMap((seed) =>
    rows
      .filter(({ name }) => names.includes(name))
      .flatMap(({ name, input }) =>
        data.map((set) => ({
          row: name,
          config: resolveConfig({ data: set, seed, steps: stepsOf(name) }, input),
        })),
      ),
  );
  const finished = cells.filter(({ config }) => existsSync(cacheFile(config)));
  const asked = values.kept ? finished : cells;
  const results = await runAll(asked, whole("workers", values.workers), values.fresh && !values.kept);
  const shown = [...new Set([...required, ...all])].filter((name) =>
    data.every((set) => seedsOf(results, name, set).length > 0),
  );
  if (values.write !== undefined) writeFileAtomic(values.write, page(results, shown, data));
  console.log(values.json ? JSON.stringify(results) : table(results, shown, data));
};

await runScript(main);
