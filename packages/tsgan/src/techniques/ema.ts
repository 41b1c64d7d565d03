import { number, value } from "../define/index.ts";
import { UsageError } from "../errors.ts";
import { defineTechnique, type Game } from "../game/index.ts";
import { movingAverage } from "../nn/index.ts";

/** Networks by name, for techniques that act on some. */
export const networkNames = (means: string, otherwise: string) =>
  value<readonly string[] | undefined>({
    default: undefined,
    means,
    otherwise,
    check: (where, name, given) => {
      if (Array.isArray(given) && given.every((each) => typeof each === "string")) return given;
      throw new UsageError(
        `${where}: ${name} must be a list of names of networks; got ${JSON.stringify(given)}`,
      );
    },
  });

/** What is trained and does not judge: what is sampled. */
const averaged = (game: Game, networks: readonly string[] | undefined): readonly string[] =>
  networks ??
  Object.keys(game.networks).filter((name) => !game.judges.includes(name) && !game.frozen.includes(name));

/**
 * Exponential moving average of networks, which is what samples are drawn from: a ← k·a + (1 − k)·θ after each move of the
 * player who trains them, with k = min(decay, t / (t + 9)) in move t, so that it does not hang on to the initial weights.
 * Running statistics are averaged too. Karras et al. 2018, arXiv:1710.10196, §4; Yazıcı et al. 2019, arXiv:1806.04498.
 */
export const ema = defineTechnique({
  name: "ema",
  title: "samples from an average of the generator over the run",
  formulas: [
    {
      of: "average",
      text: "a ← ka + (1 − k)θ, k = min(d, t/(t + 9))",
      latex: "a \\leftarrow k a + (1-k)\\theta,\\ k = \\min(d, t/(t+9))",
    },
  ],
  symbols: "θ: the generator's parameters after its step t",
  papers: [
    {
      authors: "Yazıcı et al.",
      year: 2019,
      title: "The unusual effectiveness of averaging in GAN training",
      arxiv: "1806.04498",
    },
  ],
  options: {
    decay: number({
      default: 0.999,
      least: 0,
      below: 1,
      means: "share of the average that stays in each step of the generator",
      symbol: "d",
      search: { low: 0.9, high: 0.9999 },
    }),
    networks: networkNames("networks that are averaged", "all that are trained and do not judge"),
  },
  create: ({ decay, networks }) => ({
    state: (game) =>
      Object.fromEntries(
        averaged(game, networks).flatMap((network) => {
          const { parameters, parameterCount, buffers, bufferCount } = game.variables[network];
          const own = {
            size: parameterCount,
            pieces: parameters,
            initial: { network, part: "parameters" as const },
          };
          const kept = { size: bufferCount, pieces: buffers, initial: { network, part: "buffers" as const } };
          return [
            [network, own] as const,
            ...(bufferCount > 0 ? [[`${network}.buffers`, kept] as const] : []),
          ];
        }),
      ),
    averages: (game) =>
      Object.fromEntries(
        averaged(game, networks).map((network) => [
          network,
          {
            parameters: network,
            buffers: game.variables[network].bufferCount > 0 ? `${network}.buffers` : undefined,
          },
        ]),
      ),
    after: ({ game, trains, own, set, scalar, after, buffers }) => {
      for (const network of averaged(game, networks)) {
        if (!trains.includes(network)) continue;
        const keep = scalar("keep", ({ t }) => Math.min(decay, t / (t + 9)));
        set(network, movingAverage(own(network), after(network), keep));
        const kept = buffers(network);
        if (kept !== undefined) {
          set(`${network}.buffers`, movingAverage(own(`${network}.buffers`), kept, keep));
        }
      }
    },
    check: ({ networks: known }) => {
      const strange = networks?.find((name) => !Object.hasOwn(known, name));
      if (strange !== undefined) {
        throw new UsageError(
          `ema: networks: there is no network "${strange}" (known: ${Object.keys(known).join(", ")})`,
        );
      }
    },
  }),
});
