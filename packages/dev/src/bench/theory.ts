/**
 * What the experiments of `tsgan theory` that train claim, measured with several seeds at their full size.
 *
 *     node packages/dev/dist/bench/theory.js [--only NAME[,NAME]] [--seeds 1,2,3] [--json]
 *
 * Prints a table in Markdown, or one JSON object a run. Exit code 1 where a claim does not hold, 2 for wrong usage.
 */
import { parseArgs } from "node:util";
import { type Claim, type ExperimentFactory, experiments, holds } from "@tsgan/theory";
import { UsageError } from "tsgan";
import { openDataset } from "tsgan/node";
import { runScript } from "../script.ts";

interface Measured {
  readonly claims: readonly Claim[];
  /** Processor time, which other work on the machine lengthens less than the clock's. */
  readonly seconds: number;
}

const measure = async (factory: ExperimentFactory, seed: number): Promise<Measured> => {
  const start = process.cpuUsage();
  const experiment = factory.create({ seed });
  const data = await experiment.run({ openDataset });
  const { user, system } = process.cpuUsage(start);
  return { claims: experiment.claims?.(data) ?? [], seconds: (user + system) / 1e6 };
};

const figureOf = (value: number): string => {
  const plain = value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 10_000);
  return plain ? String(Number(value.toPrecision(3))) : value.toExponential(1);
};

const boundOf = ({ atLeast, atMost }: Claim): string =>
  [atLeast !== undefined && `≥ ${atLeast}`, atMost !== undefined && `≤ ${atMost}`]
    .filter((bound) => bound !== false)
    .join(", ");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seeds: { type: "string", default: "1,2,3" },
      json: { type: "boolean", default: false },
    },
  });
  const seeds = values.seeds.split(",").map(Number);
  if (!seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)) {
    throw new UsageError(`--seeds: expected whole numbers with commas between; got ${values.seeds}`);
  }
  const chosen = values.only?.split(",").map(experiments.get) ?? experiments.all;
  const claiming = chosen.filter(({ definition }) => definition.minutes !== undefined);
  if (!values.json) {
    console.log(row(["experiment", "what is measured", "claim", ...seeds.map((seed) => `seed ${seed}`)]));
    console.log(row(Array.from({ length: 3 + seeds.length }, () => "---")));
  }
  for (const experiment of claiming) {
    const { name } = experiment.definition;
    const measured: Measured[] = [];
    for (const seed of seeds) {
      const found = await measure(experiment, seed);
      measured.push(found);
      if (!found.claims.every(holds)) process.exitCode = 1;
      if (values.json) console.log(JSON.stringify({ name, seed, ...found }));
    }
    if (values.json) continue;
    measured[0].claims.forEach((claim, i) => {
      const figures = measured.map(({ claims }) =>
        holds(claims[i]) ? figureOf(claims[i].value) : `**${figureOf(claims[i].value)}**`,
      );
      console.log(row([name, claim.text, boundOf(claim), ...figures]));
    });
    console.log(row([name, "processor time, s", "", ...measured.map(({ seconds }) => seconds.toFixed(0))]));
  }
};

await runScript(main);
