/** Pictures of techniques, each on the smallest thing that shows what it does. */
import type { Technique } from "tsgan/game";
import { consensus, ema, historicalAveraging, sharedFakes, unrolled } from "tsgan/techniques";
import { drawPaths, LAST_STEP, type Path, pathOf, r1Of } from "./dirac.ts";
import { type Control, choice, type Figure, plot, range, remembered, short } from "./kit.ts";
import { stillFigures } from "./technique-pictures.ts";

const stepHandle = range("step", "step", [0, LAST_STEP, 1], LAST_STEP, { plays: true });
const plainPath = remembered(() => pathOf({}));

const pathAlt = (what: string) =>
  `Left, the path of a game of two numbers, the generator's θ and the discriminator's ψ, with ${what} and without; its equilibrium is where both are 0. Right, how far θ is from the data.`;

/** A technique in the Dirac-GAN, with one handle of its own. */
const pathFigure = (
  what: string,
  handle: Control,
  create: (value: number) => Technique,
  symbol: string,
): Figure => {
  const path = remembered((value: number) => pathOf({ techniques: value === 0 ? [] : [create(value)] }));
  return {
    alt: pathAlt(what),
    controls: [handle, stepHandle],
    draw: async (values) => {
      const value = Number(values[handle.name]);
      const paths: [Path, Path] = [await path(value), await plainPath()];
      const names = [`${what}, ${symbol} = ${short(value)}`, "plain steps"] as const;
      return drawPaths(paths, { step: Number(values.step), names });
    },
  };
};

const averagedPath = remembered((decay: number) =>
  pathOf({ loss: "wasserstein", techniques: [ema({ decay })], generatorRate: 0.3, discriminatorRate: 0.3 }),
);
const updatesOf = (updates: string): Promise<Path> =>
  pathOf({
    loss: "wasserstein",
    techniques: [sharedFakes({ updates: updates as "alternating" | "simultaneous" })],
  });
const updatesPath = remembered(updatesOf);
/** With R1, without which no learning rates make this game converge. */
const paced = (ratio: number): Promise<Path> =>
  pathOf({ penalties: [r1Of(0.2)], generatorRate: 0.1, discriminatorRate: 0.1 * ratio });
const pacedPath = remembered(paced);
/** The same with equal rates, which stays while the handle moves. */
const evenPath = remembered(() => paced(1));

export const figures: Readonly<Record<string, Figure>> = {
  ...stillFigures,
  consensus: pathFigure(
    "consensus",
    range("weight", "w", [-2, 1, 0.25], 0, { log: true }),
    (weight) => consensus({ weight }),
    "w",
  ),
  "historical-averaging": pathFigure(
    "historical averaging",
    range("weight", "w", [-2, 1, 0.25], -1, { log: true }),
    (weight) => historicalAveraging({ weight }),
    "w",
  ),
  "shared-fakes": {
    alt: pathAlt("both players' steps from one point"),
    controls: [choice("updates", "steps", ["alternating", "simultaneous"], "simultaneous"), stepHandle],
    draw: async ({ updates, step }) =>
      drawPaths([await updatesPath(String(updates)), await updatesPath("alternating")], {
        step: Number(step),
        names: [`${updates} steps`, "alternating steps"],
      }),
  },
  unrolled: pathFigure(
    "unrolling",
    range("steps", "steps ahead, k", [0, 8, 1], 4),
    (count) => unrolled({ steps: count }),
    "k",
  ),
  ema: {
    alt: "What the generator makes over the steps of a game that goes round in circles, and its exponential moving average, which comes to rest near the data at 0.",
    controls: [choice("decay", "decay d", ["0.5", "0.9", "0.95", "0.98", "0.995"], "0.98"), stepHandle],
    draw: async ({ decay, step: at }) => {
      const { theta, average } = await averagedPath(Number(decay));
      const step = Number(at);
      const x = theta.slice(0, step + 1).map((_, i) => i);
      return plot(
        `Step ${step}: the generator is at ${short(theta[step])}, its average with d = ${decay} at ${short(average[step])}; the data are at 0.`,
        {
          panels: [
            {
              title: "What is drawn",
              aspect: 0.4,
              x: { label: "step", domain: [0, LAST_STEP] },
              y: { label: "θ; the data are at 0", domain: [-2, 2] },
              marks: [
                { type: "rule", y: 0 },
                {
                  type: "line",
                  x,
                  y: theta.slice(0, step + 1),
                  label: "generator",
                  color: "muted",
                  dash: "dashed",
                },
                {
                  type: "line",
                  x,
                  y: average.slice(0, step + 1),
                  label: `average, d = ${decay}`,
                  color: 1,
                  width: 3,
                },
              ],
            },
          ],
        },
      );
    },
  },
  "two-time-scales": {
    alt: pathAlt("two learning rates"),
    controls: [
      range("ratio", "D's learning rate over G's", [-1, 1.25, 0.25], 0.75, { log: true }),
      stepHandle,
    ],
    draw: async ({ ratio, step }) => {
      const paths: [Path, Path] = [await pacedPath(Number(ratio)), await evenPath()];
      return drawPaths(paths, {
        step: Number(step),
        names: [`D ${short(Number(ratio))} times as fast as G`, "equal rates"],
      });
    },
  },
};
export { valuesOf } from "./kit.ts";
