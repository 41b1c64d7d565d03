/**
 * node packages/dev/dist/bench/conditional.js [--only NAME[,NAME]] [--seeds N[,N]] [--steps N] [--threads N]
 *   [--pictures FOLDER] [--json]
 *
 * Trains the models with labels and codes on MNIST and measures what docs/conditional.md claims of them, a line for each
 * figure as soon as it is known. Exits with 1 where a figure is below its claim.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { experiments } from "./conditional-experiments.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    only: text,
    seeds: { type: "string", default: "1" },
    steps: text,
    threads: text,
    pictures: text,
    json: { type: "boolean", default: false },
  },
});

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  console.error(`bench: --${name} must be a whole number of at least 1; got ${text}`);
  process.exit(2);
};
const optional = (name: "steps" | "threads"): number | undefined =>
  values[name] === undefined ? undefined : whole(name, values[name]);

const names = values.only?.split(",") ?? Object.keys(experiments);
const unknown = names.find((name) => !Object.hasOwn(experiments, name));
if (unknown !== undefined) {
  console.error(`bench: unknown experiment "${unknown}" (known: ${Object.keys(experiments).join(", ")})`);
  process.exit(2);
}

const seeds = values.seeds.split(",").map((text) => whole("seeds", text));
const [stepsOfAll, threads] = [optional("steps"), optional("threads")];
if (values.pictures !== undefined) mkdirSync(values.pictures, { recursive: true });
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const row = (...cells: readonly string[]): string =>
  [16, 24, 9, 9, 6, 7, 9].map((width, i) => (cells[i] ?? "").padEnd(width)).join("");
if (!values.json) console.log(row("model", "figure", "value", "claim", "seed", "steps", "seconds"));
for (const model of names) {
  const { claims, run, ...experiment } = experiments[model];
  const steps = stepsOfAll ?? experiment.steps;
  for (const seed of seeds) {
    const picture = values.pictures && join(values.pictures, `${model}-${seed}.png`);
    for await (const { name, value, seconds } of run({ steps, seed, threads, picture })) {
      const claim = claims[name];
      if (claim !== undefined && !(value >= claim)) process.exitCode = 1;
      if (values.json) {
        console.log(JSON.stringify({ model, figure: name, value, claim, seed, steps, seconds }));
        continue;
      }
      const wanted = claim === undefined ? "" : `≥ ${Number((100 * claim).toFixed(1))} %`;
      console.log(row(model, name, percent(value), wanted, String(seed), String(steps), seconds.toFixed(0)));
    }
  }
}
