/** The numbers of the lessons whose networks were trained beforehand are those of the exhibits, which `exhibits.runtime.test.ts` holds. */
import type {
  CreatedEqualData,
  CriticEstimateData,
  LowDimensionalSupportsData,
  ModeCollapseData,
  VanishingGradientData,
  WeightClippingData,
} from "@tsgan/theory";
import { expect, it } from "vitest";
import { initialOf } from "../ui/fields.ts";
import type { Exhibit } from "./exhibit.ts";
import type { State } from "./lesson.ts";
import { lessons } from "./list.ts";

const files = import.meta.glob<string>("./exhibits/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});
const exhibit = <T>(name: string): T => (JSON.parse(files[`./exhibits/${name}.json`]) as Exhibit<T>).data;

/** The values of a lesson's readouts, in their order. */
const shown = async (name: string, state: State): Promise<(number | null)[]> => {
  const { lesson } = await lessons.find((entry) => entry.name === name)!.load();
  const { readouts } = await lesson.show({ ...initialOf(lesson.fields), ...state });
  return readouts.map(({ value }) => value);
};

/** Where a list comes nearest to a value. */
const nearest = (list: readonly number[], value: number): number =>
  list.reduce((best, each, i) => (Math.abs(each - value) < Math.abs(list[best] - value) ? i : best), 0);

it("thin manifolds: step, accuracy, JS and slope of the chosen case", async () => {
  const data = exhibit<LowDimensionalSupportsData>("low-dimensional-supports");
  for (const [name, step] of [
    ["lines", 0],
    ["surfaces", 640],
    ["thick", 2000],
  ] as const) {
    const found = data[name];
    const i = nearest(found.step, step);
    expect(await shown("low-dimensional-supports", { case: name, step })).toEqual([
      found.step[i],
      100 * found.accuracy[i],
      found.jensenShannon[i],
      found.slope[i],
    ]);
  }
});

it("vanishing gradient: both costs' gradients at the step, and what is left of the first", async () => {
  const { runs } = exhibit<VanishingGradientData>("vanishing-gradient");
  for (const run of runs) {
    const i = nearest(run.step, 300);
    expect(await shown("vanishing-gradient", { length: String(run.length), step: 300 })).toEqual([
      run.step[i],
      run.original[i],
      run.logD[i],
      100 * run.accuracy[i]!,
      run.original[i] / run.original[0],
    ]);
  }
});

it("mode collapse: modes and steps of both losses at the same share of their trainings", async () => {
  const data = exhibit<ModeCollapseData>("mode-collapse");
  for (const [name, share] of [
    ["ring", 0],
    ["grid", 37],
    ["images", 100],
  ] as const) {
    const expected = (["nonSaturating", "wasserstein"] as const).flatMap((loss) => {
      const { modes, step } = data[name][loss];
      const i = nearest(step, (share / 100) * step[step.length - 1]);
      return [modes[i], step[i]];
    });
    expect(await shown("mode-collapse", { data: name, share })).toEqual(expected);
  }
});

it("clipping: gradients of the chosen layer and of the last, and weights at their bounds", async () => {
  const { critics } = exhibit<WeightClippingData>("weight-clipping");
  for (const critic of critics) {
    const constraint = critic.limit === null ? "penalty" : String(critic.limit);
    const { gradientNorms, atLimit } = critic;
    expect(await shown("weight-clipping", { constraint, layer: 7 })).toEqual([
      gradientNorms[7],
      gradientNorms[gradientNorms.length - 1],
      100 * atLimit.before,
      100 * atLimit.after,
    ]);
  }
});

it("critic's estimate: both losses and their judges at the place, and the correlation of the whole", async () => {
  const { wasserstein, standard } = exhibit<CriticEstimateData>("critic-estimate");
  const of = ({ estimate, quality, correlation }: CriticEstimateData["standard"]) => [
    estimate[23],
    quality[23],
    correlation,
  ];
  expect(await shown("critic-estimate", { position: 23 })).toEqual([...of(wasserstein), ...of(standard)]);
});

it("created equal: F1 of the chosen tries, the place among them, and the spreads as defined", async () => {
  const { losses } = exhibit<CreatedEqualData>("created-equal");
  const deviation = (values: readonly number[]): number => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1));
  };
  for (const [method, mine, others] of [
    ["hinge", 5, 2],
    ["WGAN", 1, 3],
  ] as const) {
    const table = losses.map(({ loss, runs }) => runs[(loss === method ? mine : others) - 1].f1);
    const own = table[losses.findIndex(({ loss }) => loss === method)];
    const [f1, place, winner, within, between] = await shown("created-equal", { method, mine, others });
    expect([f1, place, winner]).toEqual([
      own,
      [...table].sort((a, b) => b - a).indexOf(own) + 1,
      Math.max(...table),
    ]);
    // The exhibit is rounded to four digits before they are worked out anew.
    const runs = losses.map((loss) => loss.runs.map((run) => run.f1));
    const pooled = Math.sqrt(runs.reduce((sum, each) => sum + deviation(each) ** 2, 0) / runs.length);
    expect(within).toBeCloseTo(pooled, 3);
    const means = runs.map((each) => each.reduce((a, b) => a + b) / each.length);
    expect(between).toBeCloseTo(deviation(means), 3);
  }
});
