import { number } from "../define/index.ts";
import { defineTechnique } from "../game/index.ts";
import { add, mul } from "../graph/index.ts";
import { historicalAveraging as distance } from "../losses/index.ts";
import { flatConcat, movingAverage } from "../nn/index.ts";

/** Every player's distance from its own past: w ‖θ − mean of past θ‖². Salimans et al. 2016, arXiv:1606.03498, §3.3. */
export const historicalAveraging = defineTechnique({
  name: "historical-averaging",
  title: "players that stay near the mean of their past",
  formulas: [
    {
      of: "objective",
      text: "L + w‖θ − (1/t) Σ θᵢ‖²",
      latex: "L + w\\lVert\\theta - \\tfrac1t\\sum_i\\theta_i\\rVert^2",
    },
  ],
  symbols: "θ: the player's parameters; θᵢ: those before its step i",
  papers: [
    {
      authors: "Salimans et al.",
      year: 2016,
      title: "Improved techniques for training GANs",
      arxiv: "1606.03498",
      where: "§3.3",
    },
  ],
  options: {
    weight: number({
      default: 0.01,
      least: 0,
      means: "weight of the distance",
      symbol: "w",
      search: { low: 1e-4, high: 1, log: true },
    }),
  },
  create: ({ weight }) => ({
    state: ({ players, variables }) =>
      Object.fromEntries(
        Object.values(players)
          .flatMap(({ trains }) => trains)
          .map((network) => {
            const { parameterCount: size, parameters: pieces } = variables[network];
            return [network, { size, pieces, initial: { network, part: "parameters" as const } }];
          }),
      ),
    objective: (objective, { trains, own, parameters }) =>
      trains.reduce(
        (total, network) => add(total, mul(distance(flatConcat(parameters(network)), own(network)), weight)),
        objective,
      ),
    after: ({ trains, own, set, scalar, before }) => {
      for (const network of trains) {
        const past = scalar("past", ({ t }) => 1 - 1 / t);
        set(network, movingAverage(own(network), before(network), past));
      }
    },
  }),
});
