/**
 * node packages/cli/dist/bench/conditional.js [--only NAME[,NAME]] [--seed N] [--steps N] [--threads N] [--json]
 *
 * Trains the models with labels and codes on MNIST and measures what docs/conditional.md claims of them. Exits with 1
 * where a figure is below its claim.
 */
import { parseArgs } from "node:util";
import { experiments } from "./conditional-experiments.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: { only: text, seed: text, steps: text, threads: text, json: { type: "boolean", default: false } },
});

const whole = (name: "seed" | "steps" | "threads"): number | undefined => {
  if (values[name] === undefined) return undefined;
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  console.error(`bench: --${name} must be a whole number of at least 1; got ${values[name]}`);
  process.exit(2);
};

const names = values.only?.split(",") ?? Object.keys(experiments);
const unknown = names.find((name) => !Object.hasOwn(experiments, name));
if (unknown !== undefined) {
  console.error(`bench: unknown experiment "${unknown}" (known: ${Object.keys(experiments).join(", ")})`);
  process.exit(2);
}

const seed = whole("seed") ?? 1;
const row = (...cells: readonly string[]): string =>
  [16, 24, 9, 9, 6, 7, 9].map((width, i) => (cells[i] ?? "").padEnd(width)).join("");
if (!values.json) console.log(row("model", "figure", "value", "claim", "seed", "steps", "seconds"));
for (const name of names) {
  const { claims, run, ...experiment } = experiments[name];
  const steps = whole("steps") ?? experiment.steps;
  const { figures, seconds } = await run({ steps, seed, threads: whole("threads") });
  if (values.json) console.log(JSON.stringify({ model: name, figures, claims, seed, steps, seconds }));
  for (const [figure, value] of Object.entries(figures)) {
    const claim = claims[figure];
    if (claim !== undefined && !(value >= claim)) process.exitCode = 1;
    if (values.json) continue;
    const wanted = claim === undefined ? "" : `≥ ${(100 * claim).toFixed(0)} %`;
    const shown = `${(100 * value).toFixed(2)} %`;
    console.log(row(name, figure, shown, wanted, String(seed), String(steps), seconds.toFixed(0)));
  }
}
